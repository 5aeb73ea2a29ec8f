-- Per order line of products or gift cards, the quantities of its sales add up to its current
-- quantity, and what was sold of it to its price after all discounts, and to its tax. Shopify's
-- line counts removed and refunded units in price and tax, and the sales that take units off
-- have a negative quantity: those are left out of the money, so that nothing is left to
-- rounding. A discount given later is a sale of no units.
with

order_lines as (
    select
        order_lines.shop,
        order_lines.order_id,
        order_lines.order_line_id,
        order_lines.current_quantity,
        order_lines.line_tax,
        order_lines.line_price
        - order_lines.line_discount
        + case when orders.taxes_included then 0 else order_lines.line_tax end as line_total
    from {{ ref('order_lines') }} as order_lines
    inner join {{ ref('orders') }} as orders using (shop, order_id)
),

sales as (
    select
        shop,
        order_line_id,
        sum(quantity) as quantity,
        sum(case when coalesce(quantity, 0) >= 0 then total_amount end) as sold,
        sum(case when coalesce(quantity, 0) >= 0 then tax_amount end) as taxed
    from {{ ref('sales') }}
    where line_type in ('product', 'gift_card')
    group by shop, order_line_id
),

compared as (
    select
        shop,
        order_lines.order_id,
        order_line_id,
        order_lines.current_quantity,
        order_lines.line_total,
        order_lines.line_tax,
        sales.quantity,
        sales.sold,
        sales.taxed
    from order_lines
    inner join sales using (shop, order_line_id)
),

contradictions as (
    select
        shop,
        order_id,
        1 as place,
        'the quantities of the sales of its line ' || order_line_id || ' sum to '
        || coalesce(cast(quantity as string), 'nothing')
        || ', the line''s current quantity says '
        || coalesce(cast(current_quantity as string), 'nothing') as detail
    from compared
    where current_quantity is distinct from quantity
    union all
    select
        shop,
        order_id,
        2 as place,
        'the sales of its line ' || order_line_id || ' sum to ' || {{ money_text('sold') }}
        || ' with a tax of ' || {{ money_text('taxed') }} || ', the line itself says '
        || {{ money_text('line_total') }} || ' with a tax of ' || {{ money_text('line_tax') }}
            as detail
    from compared
    where line_total <> sold or line_tax <> taxed
)

select * from contradictions

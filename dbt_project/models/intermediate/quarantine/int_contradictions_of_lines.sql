-- Per order line of products or gift cards, what was sold of it adds up to its price after all
-- discounts, and to its tax. Shopify's line counts removed and refunded units in all three, and
-- the sales that take units off have a negative quantity: those are left out, so that nothing
-- is left to rounding. A discount given later is a sale of no units.
with

order_lines as (
    select
        order_lines.shop,
        order_lines.order_id,
        order_lines.order_line_id,
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
        sum(total_amount) as sold,
        sum(tax_amount) as taxed
    from {{ ref('sales') }}
    where line_type in ('product', 'gift_card') and coalesce(quantity, 0) >= 0
    group by shop, order_line_id
),

compared as (
    select
        shop,
        order_lines.order_id,
        order_line_id,
        order_lines.line_total,
        order_lines.line_tax,
        sales.sold,
        sales.taxed
    from order_lines
    inner join sales using (shop, order_line_id)
    where order_lines.line_total <> sales.sold or order_lines.line_tax <> sales.taxed
),

contradictions as (
    select
        shop,
        order_id,
        'the sales of its line ' || order_line_id || ' sum to ' || {{ money_text('sold') }}
        || ' with a tax of ' || {{ money_text('taxed') }} || ', the line itself says '
        || {{ money_text('line_total') }} || ' with a tax of ' || {{ money_text('line_tax') }}
            as detail
    from compared
)

select * from contradictions

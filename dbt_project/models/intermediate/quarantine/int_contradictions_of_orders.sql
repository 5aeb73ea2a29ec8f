-- What an order's sales sum to, against what Shopify says of the order itself.
with

orders as (
    select * from {{ ref('orders') }}
    {% if var('cancelled_orders') == 'excluded' %}
    where not is_cancelled
    {% endif %}
),

in_scope as (
    select * from {{ ref('int_orders_in_scope') }}
),

without_agreements as (
    select * from {{ ref('int_orders_without_agreements') }}
),

sales as (
    select
        shop,
        order_id,
        sum(case when event = 'order' then total_amount else 0 end) as ordered,
        sum(total_amount) as sold,
        sum(tax_amount) as taxed,
        sum(case when line_type = 'shipping' then total_amount else 0 end) as shipped,
        sum(case when line_type = 'shipping' then shipping else 0 end) as shipped_without_tax
    from {{ ref('sales') }}
    group by shop, order_id
),

compared as (
    select
        shop,
        order_id,
        -- where an order was edited and its sales are derived, nobody knows what was ordered
        without_agreements.order_id is null or not orders.edited as is_original_known,
        coalesce(sales.ordered, 0) as ordered,
        coalesce(orders.original_total, 0) as original_total,
        -- what refunds gave beyond or below
        coalesce(orders.refund_discrepancy, 0) as discrepancy,
        coalesce(sales.sold, 0) as sold,
        coalesce(orders.current_total, 0) as current_total,
        coalesce(sales.taxed, 0) as taxed,
        coalesce(orders.current_taxes, 0) as current_taxes,
        -- Shopify's price of shipping is with tax only where prices include it
        coalesce(
            case
                when orders.taxes_included then sales.shipped
                else sales.shipped_without_tax
            end, 0
        ) as shipped,
        in_scope.current_shipping
    from orders
    inner join in_scope using (shop, order_id)
    left join sales using (shop, order_id)
    left join without_agreements using (shop, order_id)
),

contradictions as (
    select
        shop,
        order_id,
        1 as place,
        'its sales as ordered sum to ' || {{ money_text('ordered') }}
        || ', Shopify''s total as ordered says ' || {{ money_text('original_total') }} as detail
    from compared
    where is_original_known and original_total <> ordered
    union all
    select
        shop,
        order_id,
        2 as place,
        'its sales sum to ' || {{ money_text('sold') }}
        || ', Shopify''s current total says ' || {{ money_text('current_total') }}
        || case
            when discrepancy <> 0
                then ' and its refund discrepancy ' || {{ money_text('discrepancy') }}
            else ''
        end as detail
    from compared
    where current_total + discrepancy <> sold
    union all
    select
        shop,
        order_id,
        3 as place,
        'the taxes of its sales sum to ' || {{ money_text('taxed') }}
        || ', Shopify''s current tax says ' || {{ money_text('current_taxes') }} as detail
    from compared
    where current_taxes <> taxed
    union all
    select
        shop,
        order_id,
        4 as place,
        'its shipping sales sum to ' || {{ money_text('shipped') }}
        || ', Shopify''s current shipping price says ' || {{ money_text('current_shipping') }}
            as detail
    from compared
    where current_shipping <> shipped
)

select * from contradictions

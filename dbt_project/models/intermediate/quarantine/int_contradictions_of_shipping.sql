-- Shipping sales add up to the current shipping price, which Shopify gives after discounts and
-- refunds, and with tax only where prices include it.
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

sales as (
    select
        shop,
        order_id,
        sum(total_amount) as shipped,
        sum(shipping) as shipped_without_tax
    from {{ ref('sales') }}
    where line_type = 'shipping'
    group by shop, order_id
),

summed as (
    select
        shop,
        order_id,
        coalesce(
            case
                when orders.taxes_included then sales.shipped
                else sales.shipped_without_tax
            end, 0
        ) as shipped,
        in_scope.current_shipping as said
    from orders
    inner join in_scope using (shop, order_id)
    left join sales using (shop, order_id)
),

contradictions as (
    select
        shop,
        order_id,
        'its shipping sales sum to ' || {{ money_text('shipped') }}
        || ', Shopify''s current shipping price says ' || {{ money_text('said') }} as detail
    from summed
    where said <> shipped
)

select * from contradictions

-- Per order, its shipping sales add up to its current shipping price, which Shopify gives after
-- discounts and refunds, and with tax only where prices include it.
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

compared as (
    select
        orders.shop,
        orders.order_id,
        in_scope.current_shipping,
        sales.shipped,
        sales.shipped_without_tax
    from orders
    inner join in_scope using (shop, order_id)
    left join sales using (shop, order_id)
    where
        in_scope.current_shipping
        <> coalesce(
            case
                when orders.taxes_included then sales.shipped
                else sales.shipped_without_tax
            end, 0
        )
)

select * from compared

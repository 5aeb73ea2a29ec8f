{{ config(
    severity='warn',
    meta={
        'one': '1 order has no sales agreement of its placement',
        'many': '{} orders have no sales agreement of their placement'
    }
) }}

-- An order that is in the shop was placed: Shopify has its order agreement. Without any
-- agreement its sales are derived, without that one it has none.
with

orders as (
    select orders.*
    from {{ ref('orders') }} as orders
    {% if var('cancelled_orders') == 'excluded' %}
    where not orders.is_cancelled
    {% endif %}
),

without_agreements as (
    select * from {{ ref('int_orders_without_agreements') }}
),

undated_orders as (
    select * from {{ ref('int_orders_with_impossible_dates') }}
),

missing as (
    select
        orders.shop,
        orders.order_id,
        orders.order_name
    from orders
    left join without_agreements
        on
            orders.shop = without_agreements.shop
            and orders.order_id = without_agreements.order_id
    left join undated_orders
        on
            orders.shop = undated_orders.shop
            and orders.order_id = undated_orders.order_id
    where
        (orders.placed_at is null and undated_orders.order_id is null)
        or without_agreements.order_id is not null
)

select * from missing

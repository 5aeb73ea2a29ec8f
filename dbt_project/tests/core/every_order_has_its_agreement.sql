{{ config(severity='warn') }}

-- An order that is in the shop was placed: without its order agreement it has no sales.
with

orders as (
    select * from {{ ref('orders') }}
    {% if var('cancelled_orders') == 'excluded' %}
    where not is_cancelled
    {% endif %}
),

missing as (
    select
        shop,
        order_id,
        order_name
    from orders
    where placed_at is null
)

select * from missing

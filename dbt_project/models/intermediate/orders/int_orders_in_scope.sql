with

orders as (
    select * from {{ ref('int_orders_living') }}
),

unreadable as (
    select * from {{ ref('int_orders_unreadable') }}
),

in_scope as (
    select orders.*
    from orders
    left join unreadable
        on
            orders.shop = unreadable.shop
            and orders.order_id = unreadable.order_id
    where unreadable.order_id is null
)

select * from in_scope

with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

quarantined as (
    select
        ----------  ids
        shop,
        order_id,
        order_name,

        ----------  why
        cast(null as varchar) as reason,
        cast(null as varchar) as detail
    from orders
    where false
)

select * from quarantined

with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

people as (
    select * from {{ ref('int_orders_with_person') }}
),

counted as (
    select
        orders.shop,
        orders.order_id,
        orders.processed_at,
        people.person_key
    from orders
    inner join people
        on
            orders.shop = people.shop
            and orders.order_id = people.order_id
    where
        people.person_key is not null
        and orders.processed_at is not null
        and orders.cancelled_at is null
        and not orders.is_test
),

numbered as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  facts
        cast(
            row_number() over (
                partition by shop, person_key
                order by processed_at, {{ id_order('order_id') }}
            ) as bigint
        ) as order_index
    from counted
)

select * from numbered

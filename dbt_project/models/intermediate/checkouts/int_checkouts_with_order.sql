{{ config(materialized='changed_rows') }}

with

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
    where token is not null
),

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

first_landings as (
    select * from {{ ref('stg_shopify__first_landings') }}
),

matches as (
    select
        checkouts.shop,
        checkouts.checkout_id,
        checkouts.created_at,
        orders.order_id,
        orders.processed_at,
        orders.created_at as ordered_at,
        'checkout token' as matched_by
    from checkouts
    inner join orders
        on
            checkouts.shop = orders.shop
            and checkouts.token = orders.checkout_token
    union all
    select
        checkouts.shop,
        checkouts.checkout_id,
        checkouts.created_at,
        orders.order_id,
        orders.processed_at,
        orders.created_at as ordered_at,
        'cart token' as matched_by
    from checkouts
    inner join orders
        on
            checkouts.shop = orders.shop
            and checkouts.token = orders.cart_token
            and checkouts.created_at <= orders.created_at
),

ranked as (
    select
        *,
        row_number() over (
            partition by shop, checkout_id
            order by matched_by = 'cart token', processed_at, {{ id_order('order_id') }}
        ) as order_rank
    from matches
),

with_landings as (
    select
        ranked.*,
        checkout_landings.first_landed_at,
        coalesce(checkout_landings.first_landed_at <= order_landings.first_landed_at, false)
            as is_known_before_order
    from ranked
    left join first_landings as checkout_landings
        on
            checkout_landings.resource = 'abandoned_checkouts'
            and ranked.shop = checkout_landings.shop
            and ranked.checkout_id = checkout_landings.record_id
    left join first_landings as order_landings
        on
            order_landings.resource = 'orders'
            and ranked.shop = order_landings.shop
            and ranked.order_id = order_landings.record_id
    where ranked.order_rank = 1
),

with_order as (
    select
        ----------  ids
        shop,
        checkout_id,
        order_id,

        ----------  facts
        matched_by,
        is_known_before_order,
        cast(
            row_number() over (
                partition by shop, order_id
                order by
                    is_known_before_order desc, first_landed_at, matched_by = 'cart token',
                    created_at, {{ id_order('checkout_id') }}
            ) as bigint
        ) as checkout_rank,

        ----------  timestamps
        ordered_at
    from with_landings
)

select * from with_order

{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('orders') }}
),

quarantined_orders as (
    select * from {{ ref('int_quarantined_orders') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
    where is_open
),

quarantined_checkouts as (
    select * from {{ ref('int_quarantined_checkouts') }}
),

order_keys as (
    select * from {{ ref('int_deal_keys_of_orders') }}
),

checkout_keys as (
    select * from {{ ref('int_deal_keys_of_checkouts') }}
),

deals as (
    select
        ----------  ids
        orders.shop,
        order_keys.deal_key,
        orders.order_id,
        cast(null as string) as checkout_id,
        orders.person_key,
        orders.email
    from orders
    inner join order_keys
        on
            orders.shop = order_keys.shop
            and orders.order_id = order_keys.order_id
    left join quarantined_orders
        on
            orders.shop = quarantined_orders.shop
            and orders.order_id = quarantined_orders.order_id
    where quarantined_orders.order_id is null
    union all
    select
        checkouts.shop,
        checkout_keys.deal_key,
        cast(null as string) as order_id,
        checkouts.checkout_id,
        checkouts.person_key,
        checkouts.email
    from checkouts
    inner join checkout_keys
        on
            checkouts.shop = checkout_keys.shop
            and checkouts.checkout_id = checkout_keys.checkout_id
    left join quarantined_checkouts
        on
            checkouts.shop = quarantined_checkouts.shop
            and checkouts.checkout_id = quarantined_checkouts.checkout_id
    where quarantined_checkouts.checkout_id is null
)

select * from deals

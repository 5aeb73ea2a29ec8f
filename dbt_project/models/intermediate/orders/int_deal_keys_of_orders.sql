{{ config(materialized='changed_rows') }}

with

orders as (
    select
        *,
        nullif(checkout_token, '') as token
    from {{ ref('stg_shopify__orders') }}
),

checkout_orders as (
    select * from {{ ref('int_checkouts_with_order') }}
    where
        checkout_rank = 1
        and matched_by = 'cart token'
        and is_known_before_order
),

checkout_keys as (
    select * from {{ ref('int_deal_keys_of_checkouts') }}
),

claimed as (
    select
        *,
        row_number() over (
            partition by shop, token
            order by processed_at, {{ id_order('order_id') }}
        ) as claim
    from orders
),

entitled as (
    select
        *,
        case when claim = 1 then token end as claimed_token
    from claimed
),

-- the link holds the cart's token: the deal may have been sent under that of the checkout
begun_as_checkouts as (
    select
        checkout_orders.shop,
        checkout_orders.order_id,
        checkout_keys.deal_key
    from checkout_orders
    inner join checkout_keys
        on
            checkout_orders.shop = checkout_keys.shop
            and checkout_orders.checkout_id = checkout_keys.checkout_id
),

keyed as (
    select
        ----------  ids
        entitled.shop,
        entitled.order_id,
        coalesce(
            begun_as_checkouts.deal_key,
            {{ deal_key(
                'entitled.shop', 'entitled.claimed_token', "'order:' || entitled.order_id"
            ) }}
        ) as deal_key
    from entitled
    left join begun_as_checkouts
        on
            entitled.shop = begun_as_checkouts.shop
            and entitled.order_id = begun_as_checkouts.order_id
)

select * from keyed

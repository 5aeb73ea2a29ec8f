{{ config(materialized='changed_rows') }}

with

checkouts as (
    select
        *,
        nullif(token, '') as known_token
    from {{ ref('stg_shopify__abandoned_checkouts') }}
),

first_landings as (
    select * from {{ ref('stg_shopify__first_landings') }}
    where resource = 'abandoned_checkouts'
),

-- whoever was landed first keeps the key: it may have been sent
claimed as (
    select
        checkouts.*,
        row_number() over (
            partition by checkouts.shop, checkouts.known_token
            order by
                first_landings.first_landed_at, checkouts.created_at,
                {{ id_order('checkouts.checkout_id') }}
        ) as claim
    from checkouts
    left join first_landings
        on
            checkouts.shop = first_landings.shop
            and checkouts.checkout_id = first_landings.record_id
),

entitled as (
    select
        *,
        case when claim = 1 then known_token end as claimed_token
    from claimed
),

keyed as (
    select
        ----------  ids
        shop,
        checkout_id,
        {{ deal_key('shop', 'claimed_token', "'checkout-id:' || checkout_id") }}
            as deal_key
    from entitled
)

select * from keyed

with

checkouts as (
    select
        *,
        nullif(token, '') as known_token
    from {{ ref('stg_shopify__abandoned_checkouts') }}
),

claimed as (
    select
        *,
        row_number() over (
            partition by shop, known_token
            order by created_at, {{ id_order('checkout_id') }}
        ) as claim
    from checkouts
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

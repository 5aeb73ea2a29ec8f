with

orders as (
    select
        *,
        nullif(checkout_token, '') as token
    from {{ ref('stg_shopify__orders') }}
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

keyed as (
    select
        ----------  ids
        shop,
        order_id,
        {{ deal_key('shop', 'claimed_token', "'order:' || order_id") }} as deal_key
    from entitled
)

select * from keyed

with

orders as (
    select * from {{ ref('orders') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
),

candidates as (
    select
        shop,
        order_id,
        cast(null as varchar) as checkout_id,
        'order:' || order_id as own_key,
        nullif(checkout_token, '') as token,
        person_key,
        email,
        processed_at as begun_at,
        {{ id_order('order_id') }} as own_order
    from orders
    union all
    select
        shop,
        cast(null as varchar) as order_id,
        checkout_id,
        'checkout-id:' || checkout_id as own_key,
        nullif(token, '') as token,
        person_key,
        email,
        created_at as begun_at,
        {{ id_order('checkout_id') }} as own_order
    from checkouts
    where is_open
),

claimed as (
    select
        *,
        row_number() over (
            partition by shop, coalesce('token ' || token, own_key)
            order by begun_at, own_order
        ) as claim
    from candidates
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
        {{ deal_key('shop', 'claimed_token', 'own_key') }} as deal_key,
        order_id,
        checkout_id,
        person_key,
        email
    from entitled
)

select * from keyed

with

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

checkout_people as (
    select * from {{ ref('int_checkouts_with_person') }}
    where person_key is not null and not has_customer_record
),

orders as (
    select * from {{ ref('int_orders_living') }}
),

order_people as (
    select * from {{ ref('int_orders_with_person') }}
    where person_key is not null and not has_customer_record
),

buyers as (
    select
        checkouts.shop,
        'abandoned_checkouts' as resource,
        checkouts.checkout_id as record_id,
        checkout_people.person_key,
        checkout_people.email,
        checkouts.customer_id,
        coalesce(checkouts.billing_address, checkouts.shipping_address) as address,
        checkouts.phone,
        -- a checkout does not date the consent: only a clear word counts
        case checkouts.marketing_state
            when 'SUBSCRIBED' then true
            when 'UNSUBSCRIBED' then false
        end as accepts_marketing,
        {{ possible('checkouts.updated_at') }} as consent_at,
        {{ possible('checkouts.created_at') }} as created_at,
        {{ possible('checkouts.updated_at') }} as updated_at
    from checkouts
    inner join checkout_people
        on
            checkouts.shop = checkout_people.shop
            and checkouts.checkout_id = checkout_people.checkout_id
    union all
    select
        orders.shop,
        'orders' as resource,
        orders.order_id as record_id,
        order_people.person_key,
        order_people.email,
        orders.customer_id,
        coalesce(orders.billing_address, orders.shipping_address) as address,
        cast(null as string) as phone,
        -- an order that was placed without consent takes back no consent given earlier
        case when orders.buyer_accepts_marketing then true end as accepts_marketing,
        orders.created_at as consent_at,
        orders.created_at,
        orders.updated_at
    from orders
    inner join order_people
        on
            orders.shop = order_people.shop
            and orders.order_id = order_people.order_id
)

select * from buyers

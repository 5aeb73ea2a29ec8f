with

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

checkout_people as (
    select * from {{ ref('int_checkouts_with_person') }}
    where not has_customer_record
),

orders as (
    select * from {{ ref('int_orders_living') }}
),

occurrences as (
    select
        ----------  ids
        shop,
        'customer:' || customer_id as source_id,

        ----------  facts
        email_found
    from customers
    where deleted_at is null
    union all
    select
        checkouts.shop,
        'checkout:' || checkouts.checkout_id as source_id,
        checkouts.email_found
    from checkouts
    inner join checkout_people
        on
            checkouts.shop = checkout_people.shop
            and checkouts.checkout_id = checkout_people.checkout_id
    union all
    select
        shop,
        'order:' || order_id as source_id,
        email_found
    from orders
    where customer_id is null
)

select * from occurrences

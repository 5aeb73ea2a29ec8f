with

emails as (
    select * from {{ ref('int_emails_with_validity') }}
    where fault is not null
),

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
    select * from {{ ref('int_orders_in_scope') }}
),

found as (
    select
        email_found,
        shop,
        'customer:' || customer_id as source_id
    from customers
    where deleted_at is null
    union all
    select
        checkouts.email_found,
        checkouts.shop,
        'checkout:' || checkouts.checkout_id as source_id
    from checkouts
    inner join checkout_people
        on
            checkouts.shop = checkout_people.shop
            and checkouts.checkout_id = checkout_people.checkout_id
    union all
    select
        email_found,
        shop,
        'order:' || order_id as source_id
    from orders
    where customer_id is null
),

rejected as (
    select
        ----------  ids
        found.email_found as email,
        found.shop,
        -- the customer's own record names it, where there is one
        coalesce(
            min(case when found.source_id like 'customer:%' then found.source_id end),
            min(found.source_id)
        ) as source_id,

        ----------  facts
        max(emails.fault) as reason
    from found
    inner join emails on found.email_found = emails.email_found
    group by found.email_found, found.shop
)

select * from rejected

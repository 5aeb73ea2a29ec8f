{{ config(materialized='changed_rows') }}

with

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

customers as (
    select * from {{ ref('int_customers_with_person') }}
),

emails as (
    select * from {{ ref('int_emails_with_validity') }}
    where fault is null
),

with_person as (
    select
        ----------  ids
        checkouts.shop,
        checkouts.checkout_id,
        coalesce(
            customers.person_key,
            emails.email,
            {{ customer_key('checkouts.shop', 'checkouts.customer_id') }}
        ) as person_key,
        case
            when customers.customer_id is null then emails.email
            else customers.email
        end as email,

        ----------  facts
        customers.customer_id is not null as has_customer_record
    from checkouts
    left join customers
        on
            checkouts.shop = customers.shop
            and checkouts.customer_id = customers.customer_id
    left join emails on checkouts.email_found = emails.email_found
)

select * from with_person

{{ config(materialized='changed_rows') }}

with

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

emails as (
    select * from {{ ref('int_emails_with_validity') }}
),

with_person as (
    select
        ----------  ids
        customers.shop,
        customers.customer_id,
        case when emails.fault is null then emails.email end as email,
        coalesce(
            case when emails.fault is null then emails.email end,
            {{ customer_key('customers.shop', 'customers.customer_id') }}
        ) as person_key
    from customers
    left join emails on customers.email_found = emails.email_found
)

select * from with_person

{{ config(materialized='changed_rows') }}

with

customers as (
    select email_found from {{ ref('stg_shopify__customers') }}
),

orders as (
    select email_found from {{ ref('stg_shopify__orders') }}
),

abandoned_checkouts as (
    select email_found from {{ ref('stg_shopify__abandoned_checkouts') }}
),

found as (
    select email_found from customers
    union
    select email_found from orders
    union
    select email_found from abandoned_checkouts
),

normalised as (
    select
        email_found,
        lower({{ trimmed('email_found') }}) as email
    from found
),

judged as (
    select
        ----------  ids
        email_found,
        email,

        ----------  facts
        {{ email_fault('email') }} as fault
    from normalised
    where email <> ''
)

select * from judged

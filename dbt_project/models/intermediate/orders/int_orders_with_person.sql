{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('int_orders_living') }}
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
        orders.shop,
        orders.order_id,
        case
            when orders.customer_id is null then emails.email
            else coalesce(
                customers.person_key,
                {{ customer_key('orders.shop', 'orders.customer_id') }}
            )
        end as person_key,
        case
            when orders.customer_id is null then emails.email
            else customers.email
        end as email,

        ----------  facts
        customers.customer_id is not null as has_customer_record
    from orders
    left join customers
        on
            orders.shop = customers.shop
            and orders.customer_id = customers.customer_id
    left join emails on orders.email_found = emails.email_found
)

select * from with_person

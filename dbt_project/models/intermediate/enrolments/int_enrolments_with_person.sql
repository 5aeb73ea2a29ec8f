{{ config(materialized='changed_rows') }}

with

enrolments as (
    select * from {{ ref('enrolments') }}
),

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

order_people as (
    select * from {{ ref('int_orders_with_person') }}
),

checkout_people as (
    select * from {{ ref('int_checkouts_with_person') }}
),

customer_people as (
    select * from {{ ref('int_customers_with_person') }}
),

people as (
    select
        person_key,
        {{ person_hash('person_key') }} as person_hash
    from {{ ref('people') }}
),

with_orders as (
    select
        enrolments.*,
        orders.deleted_at,
        order_people.person_key
    from enrolments
    left join orders
        on
            enrolments.shop = orders.shop
            and enrolments.cause_id = orders.order_id
    left join order_people
        on
            enrolments.shop = order_people.shop
            and enrolments.cause_id = order_people.order_id
    where enrolments.workflow <> 'abandoned_checkout'
),

with_person as (
    select
        with_orders.workflow,
        with_orders.shop,
        with_orders.cause_id,
        coalesce(with_orders.person_key, customer_people.person_key, people.person_key)
            as person_key,
        with_orders.currency,
        with_orders.could_be_mailed,
        with_orders.caused_at,
        with_orders.entered_at,
        with_orders.deleted_at
    from with_orders
    left join customer_people
        on
            with_orders.shop = customer_people.shop
            and with_orders.customer_id = customer_people.customer_id
    left join people on with_orders.person_hash = people.person_hash
    union all
    select
        enrolments.workflow,
        enrolments.shop,
        enrolments.cause_id,
        checkout_people.person_key,
        enrolments.currency,
        enrolments.could_be_mailed,
        enrolments.caused_at,
        enrolments.entered_at,
        cast(null as timestamp) as deleted_at
    from enrolments
    left join checkout_people
        on
            enrolments.shop = checkout_people.shop
            and enrolments.cause_id = checkout_people.checkout_id
    where enrolments.workflow = 'abandoned_checkout'
)

select * from with_person

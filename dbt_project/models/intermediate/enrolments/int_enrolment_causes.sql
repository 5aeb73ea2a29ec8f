with

orders as (
    select * from {{ ref('orders') }}
),

deals as (
    select * from {{ ref('int_deals') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
    where checkout_state in ('abandoned', 'recovered')
),

people as (
    select * from {{ ref('people') }}
),

silences as (
    select * from {{ ref('int_silences') }}
),

redacted as (
    select distinct person_key from {{ ref('int_customers_redacted') }}
),

causes as (
    select
        'new_customer' as workflow,
        orders.shop,
        orders.order_id as cause_id,
        orders.customer_id,
        orders.person_key,
        orders.currency,
        orders.processed_at as caused_at,
        orders.processed_at as entered_at
    from orders
    inner join deals
        on orders.shop = deals.shop and orders.order_id = deals.order_id
    where orders.is_first_order
    union all
    select
        'abandoned_checkout' as workflow,
        shop,
        checkout_id as cause_id,
        customer_id,
        person_key,
        currency,
        created_at as caused_at,
        abandoned_at as entered_at
    from checkouts
    -- whoever bought before the delay was over never enters
    where bought_since_at is null or bought_since_at > abandoned_at
    union all
    select
        're_engagement' as workflow,
        shop,
        order_id as cause_id,
        customer_id,
        person_key,
        currency,
        processed_at as caused_at,
        due_at as entered_at
    from silences
    where due_at <= {{ cartwheel_now() }}
),

with_people as (
    select
        ----------  ids
        causes.workflow,
        causes.shop,
        causes.cause_id,
        causes.customer_id,
        {{ person_hash('causes.person_key') }} as person_hash,

        ----------  facts
        causes.currency,
        {{ why_not_mailable('people.email', 'people.accepts_marketing') }} is null
            as could_be_mailed,

        ----------  timestamps
        causes.caused_at,
        causes.entered_at
    from causes
    left join people on causes.person_key = people.person_key
    left join redacted on causes.person_key = redacted.person_key
    where redacted.person_key is null
)

select * from with_people

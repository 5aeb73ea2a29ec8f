{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns',
) }}

with

causes as (
    select * from {{ ref('int_enrolment_causes') }}
),

order_people as (
    select * from {{ ref('int_orders_with_person') }}
),

customer_people as (
    select * from {{ ref('int_customers_with_person') }}
),

known as (
    select * from {{ this if is_incremental() else 'causes' }}
    where {{ is_incremental() | lower }}
),

-- a person is told again by the key of then, by the order and by the customer of then: the
-- e-mail may have changed, the order may be deleted or have moved to somebody else
known_people as (
    select
        workflow,
        shop,
        person_hash,
        caused_at
    from known
    union all
    select
        known.workflow,
        known.shop,
        {{ person_hash('order_people.person_key') }} as person_hash,
        known.caused_at
    from known
    inner join order_people
        on
            known.shop = order_people.shop
            and known.cause_id = order_people.order_id
    union all
    select
        known.workflow,
        known.shop,
        {{ person_hash('customer_people.person_key') }} as person_hash,
        known.caused_at
    from known
    inner join customer_people
        on
            known.shop = customer_people.shop
            and known.customer_id = customer_people.customer_id
),

-- in one shop as a new customer, in all of them as lapsed
latest as (
    select
        workflow,
        case when workflow = 'new_customer' then shop else 'all' end as scope,
        person_hash,
        max(caused_at) as caused_at
    from known_people
    where workflow <> 'abandoned_checkout'
    group by workflow, case when workflow = 'new_customer' then shop else 'all' end, person_hash
),

enrolments as (
    select
        ----------  ids
        causes.workflow,
        causes.shop,
        causes.cause_id,
        causes.customer_id,
        causes.person_hash,

        ----------  facts
        causes.currency,
        causes.could_be_mailed,

        ----------  timestamps
        causes.caused_at,
        causes.entered_at,
        {{ cartwheel_now() }} as noted_at
    from causes
    left join known
        on
            causes.workflow = known.workflow
            and causes.shop = known.shop
            and causes.cause_id = known.cause_id
    left join latest
        on
            causes.workflow = latest.workflow
            and latest.scope in (causes.shop, 'all')
            and causes.person_hash = latest.person_hash
    where
        known.cause_id is null
        and {{ remembers_enrolments() }}
        -- a silence is another one only if something was bought since the last began
        and (
            latest.person_hash is null
            or (causes.workflow = 're_engagement' and causes.caused_at > latest.caused_at)
        )
)

select * from enrolments

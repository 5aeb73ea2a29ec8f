with

checkouts as (
    select * from {{ ref('checkouts') }}
),

silences as (
    select * from {{ ref('int_silences') }}
),

enrolments as (
    select * from {{ ref('int_enrolments_with_person') }}
),

shops as (
    select * from {{ ref('int_shops_with_today') }}
),

changes as (
    -- a checkout becomes abandoned
    select
        'int_checkouts_with_outcome' as model,
        {{ hours_later('created_at', var('abandonment_hours')) }} as due_at
    from checkouts
    where checkout_state = 'pending'
    union all
    -- the order of a completed checkout should have come
    select
        'int_deal_tombstones' as model,
        {{ hours_later('completed_at', hours_for_the_order()) }} as due_at
    from checkouts
    where not is_open and order_id is null
    union all
    -- a person lapses
    select
        'int_enrolment_causes' as model,
        due_at
    from silences
    union all
    -- what is bought after an enrolment counts no more
    select
        'int_enrolments_with_purchase' as model,
        {{ hours_later('entered_at', var('workflow_attribution_days') * 24) }} as due_at
    from enrolments
    union all
    -- a day ends in a shop: its last second is there but once, whatever the clocks do at midnight
    select
        'int_shops_with_today' as model,
        {{ seconds_later(shop_day_end('today', 'time_zone'), 1) }} as due_at
    from shops
)

select * from changes

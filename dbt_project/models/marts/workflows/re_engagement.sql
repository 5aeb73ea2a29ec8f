with

enrolments as (
    select * from {{ ref('int_enrolments_with_person') }}
    where workflow = 're_engagement' and person_key is not null
),

orders as (
    select * from {{ ref('orders') }}
    where person_key is not null and not is_cancelled
),

people as (
    select * from {{ ref('people') }}
),

redacted as (
    select distinct person_key from {{ ref('int_customers_redacted') }}
),

moments as (
    select
        person_key,
        caused_at as moment,
        0 as is_order,
        shop,
        cause_id,
        entered_at
    from enrolments
    union all
    select
        person_key,
        processed_at as moment,
        1 as is_order,
        cast(null as string) as shop,
        cast(null as string) as cause_id,
        cast(null as timestamp) as entered_at
    from orders
    where processed_at is not null
),

-- the next purchase after the order that began the silence, looked for along one line of time;
-- what began another lapse was one, though it may be cancelled or deleted by now
looked_ahead as (
    select
        *,
        min(moment) over (
            partition by person_key
            order by moment asc, is_order desc, shop asc, cause_id asc
            rows between 1 following and unbounded following
        ) as bought_at
    from moments
),

audience as (
    select
        ----------  ids
        looked_ahead.shop,
        looked_ahead.cause_id as order_id,
        looked_ahead.person_key,
        people.email,

        ----------  enrolment
        looked_ahead.moment as last_order_at,
        looked_ahead.entered_at,
        {{ not_before('looked_ahead.entered_at', 'looked_ahead.bought_at') }} as left_at,
        looked_ahead.bought_at is null as is_enrolled,
        {{ why_not_mailable('people.email', 'people.accepts_marketing') }} as why_not_mailable,
        case
            when looked_ahead.bought_at is not null then 'bought again'
            else 'no purchase for {{ var("re_engagement_days") }} days'
        end as reason
    from looked_ahead
    left join people on looked_ahead.person_key = people.person_key
    left join redacted on looked_ahead.person_key = redacted.person_key
    where looked_ahead.is_order = 0 and redacted.person_key is null
),

judged as (
    select
        *,
        why_not_mailable is null as can_be_mailed,
        row_number() over (
            partition by person_key
            order by last_order_at desc, shop desc, order_id desc
        ) = 1 as is_latest
    from audience
)

select * from judged

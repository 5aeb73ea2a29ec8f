with

people as (
    select * from {{ ref('people') }}
),

redacted as (
    select * from {{ ref('int_customers_redacted') }}
),

due as (
    select
        people.*,
        {{ hours_later('people.last_order_at', var('re_engagement_days') * 24) }} as due_at
    from people
    left join redacted on people.person_key = redacted.person_key
    where people.orders > 0 and redacted.person_key is null
),

audience as (
    select
        ----------  ids
        person_key,
        email,

        ----------  enrolment
        last_order_at,
        due_at as entered_at,
        {{ why_not_mailable('email', 'accepts_marketing') }} as why_not_mailable,
        'no purchase for {{ var("re_engagement_days") }} days' as reason
    from due
    where due_at <= {{ cartwheel_now() }}
),

judged as (
    select
        *,
        why_not_mailable is null as can_be_mailed
    from audience
)

select * from judged

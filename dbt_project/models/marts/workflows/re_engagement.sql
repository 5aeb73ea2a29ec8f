with

people as (
    select * from {{ ref('people') }}
),

due as (
    select
        *,
        {{ hours_later('last_order_at', var('re_engagement_days') * 24) }} as due_at
    from people
    where orders > 0
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

with

enrolments as (
    select * from {{ ref('int_enrolments_with_person') }}
    where workflow = 'abandoned_checkout'
),

checkouts as (
    select * from {{ ref('checkouts') }}
),

checkout_keys as (
    select * from {{ ref('int_deal_keys_of_checkouts') }}
),

order_keys as (
    select * from {{ ref('int_deal_keys_of_orders') }}
),

people as (
    select * from {{ ref('people') }}
),

redacted as (
    select distinct person_key from {{ ref('int_customers_redacted') }}
),

audience as (
    select
        ----------  ids
        checkouts.shop,
        coalesce(order_keys.deal_key, checkout_keys.deal_key) as shopify_deal_key,
        checkouts.checkout_id,
        checkouts.person_key,
        checkouts.email,

        ----------  enrolment
        enrolments.entered_at,
        -- whichever came first; both may be of one purchase
        {{ not_before('enrolments.entered_at', first_known(
            'checkouts.completed_at', 'checkouts.bought_since_at'
        )) }} as left_at,
        checkouts.is_open and checkouts.bought_since_at is null as is_enrolled,
        {{ why_not_mailable('checkouts.email', 'people.accepts_marketing') }}
            as why_not_mailable,

        ----------  what was left
        checkouts.recovery_url,
        checkouts.total_price as value,
        checkouts.currency,
        case
            when not checkouts.is_open then 'recovered'
            when checkouts.bought_since_at is not null then 'bought since'
            else 'left for {{ var("abandonment_hours") }} hours'
        end as reason
    from enrolments
    inner join checkouts
        on
            enrolments.shop = checkouts.shop
            and enrolments.cause_id = checkouts.checkout_id
    inner join checkout_keys
        on
            checkouts.shop = checkout_keys.shop
            and checkouts.checkout_id = checkout_keys.checkout_id
    left join order_keys
        on
            checkouts.shop = order_keys.shop
            and checkouts.order_id = order_keys.order_id
    left join people on checkouts.person_key = people.person_key
    left join redacted on checkouts.person_key = redacted.person_key
    where redacted.person_key is null
),

judged as (
    select
        *,
        why_not_mailable is null as can_be_mailed
    from audience
)

select * from judged

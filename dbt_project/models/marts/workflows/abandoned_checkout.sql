with

checkouts as (
    select * from {{ ref('checkouts') }}
    where checkout_state in ('abandoned', 'recovered')
),

checkout_keys as (
    select * from {{ ref('int_deal_keys_of_checkouts') }}
),

order_keys as (
    select * from {{ ref('int_deal_keys_of_orders') }}
),

purchases as (
    select * from {{ ref('int_checkouts_with_purchase_since') }}
),

people as (
    select * from {{ ref('people') }}
),

redacted as (
    select * from {{ ref('int_customers_redacted') }}
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
        checkouts.abandoned_at as entered_at,
        coalesce(checkouts.completed_at, purchases.bought_at) as left_at,
        checkouts.is_open and purchases.bought_at is null as is_enrolled,
        {{ why_not_mailable('checkouts.email', 'people.accepts_marketing') }}
            as why_not_mailable,

        ----------  what was left
        checkouts.recovery_url,
        checkouts.total_price as value,
        checkouts.currency,
        case
            when not checkouts.is_open then 'recovered'
            when purchases.bought_at is not null then 'bought since'
            else 'left for {{ var("abandonment_hours") }} hours'
        end as reason
    from checkouts
    inner join checkout_keys
        on
            checkouts.shop = checkout_keys.shop
            and checkouts.checkout_id = checkout_keys.checkout_id
    left join order_keys
        on
            checkouts.shop = order_keys.shop
            and checkouts.order_id = order_keys.order_id
    left join purchases
        on
            checkouts.shop = purchases.shop
            and checkouts.checkout_id = purchases.checkout_id
    left join people on checkouts.person_key = people.person_key
    left join redacted on checkouts.person_key = redacted.person_key
    where
        -- whoever bought before the delay was over never entered
        (purchases.bought_at is null or purchases.bought_at > checkouts.abandoned_at)
        and redacted.person_key is null
),

judged as (
    select
        *,
        why_not_mailable is null as can_be_mailed
    from audience
)

select * from judged

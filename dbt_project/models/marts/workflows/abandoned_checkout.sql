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
        checkouts.completed_at as left_at,
        checkouts.is_open as is_enrolled,

        ----------  what was left
        checkouts.recovery_url,
        checkouts.total_price as value,
        checkouts.currency,
        case
            when checkouts.is_open
                then 'left for {{ var("abandonment_hours") }} hours'
            else 'recovered'
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
)

select * from audience

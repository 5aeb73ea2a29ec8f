with

checkouts as (
    select * from {{ ref('checkouts') }}
),

orders as (
    select * from {{ ref('orders') }}
),

deals as (
    select * from {{ ref('int_deals') }}
),

abandoned as (
    select
        checkouts.*,
        not checkouts.is_open as is_recovered,
        case
            when not checkouts.is_open
                then coalesce(checkouts.completed_at, orders.created_at)
        end as recovered_at
    from checkouts
    left join orders
        on
            checkouts.shop = orders.shop
            and checkouts.order_id = orders.order_id
    where checkouts.checkout_state in ('abandoned', 'recovered')
),

audience as (
    select
        ----------  ids
        abandoned.shop,
        coalesce(
            open_deals.deal_key,
            order_deals.deal_key,
            {{ deal_key(
                'abandoned.shop',
                'abandoned.token',
                "'checkout-id:' || abandoned.checkout_id"
            ) }}
        ) as shopify_deal_key,
        abandoned.checkout_id,
        abandoned.person_key,
        abandoned.email,

        ----------  enrolment
        abandoned.abandoned_at as entered_at,
        abandoned.recovered_at as left_at,
        not abandoned.is_recovered as is_enrolled,

        ----------  what was left
        abandoned.recovery_url,
        abandoned.total_price as value,
        abandoned.currency,
        case
            when abandoned.is_recovered then 'recovered'
            else 'left for {{ var("abandonment_hours") }} hours'
        end as reason
    from abandoned
    left join deals as open_deals
        on
            abandoned.shop = open_deals.shop
            and abandoned.checkout_id = open_deals.checkout_id
    left join deals as order_deals
        on
            abandoned.shop = order_deals.shop
            and abandoned.order_id = order_deals.order_id
)

select * from audience

with

days as (
    select * from {{ ref('int_days_with_activity') }}
),

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

histories as (
    select
        shop,
        min(day) as first_day,
        max(day) as last_day
    from days
    group by shop
),

dated as (
    select
        ----------  ids
        histories.shop,

        ----------  days
        {{ to_shop_date(cartwheel_now(), "coalesce(shops.time_zone, 'UTC')") }} as today,
        histories.first_day,
        histories.last_day
    from histories
    left join shops on histories.shop = shops.shop
)

select * from dated

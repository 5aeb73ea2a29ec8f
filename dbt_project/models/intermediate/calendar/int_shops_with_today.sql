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

with_time_zone as (
    select
        histories.*,
        coalesce(shops.time_zone, 'UTC') as time_zone
    from histories
    left join shops on histories.shop = shops.shop
),

dated as (
    select
        ----------  ids
        shop,

        ----------  days
        time_zone,
        {{ to_shop_date(cartwheel_now(), 'time_zone') }} as today,
        first_day,
        last_day
    from with_time_zone
)

select * from dated

with

orders as (
    select * from {{ ref('orders') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
),

stages as (
    select * from {{ ref('deal_stages') }}
),

days as (
    select * from {{ ref('int_report_days') }}
),

deals as (
    select
        shop,
        currency,
        coalesce(placed_date, order_date) as day,
        deal_stage as stage,
        amount
    from orders
    union all
    select
        shop,
        currency,
        created_date as day,
        'checkout_' || checkout_state as stage,
        total_price as amount
    from checkouts
    where is_open
),

daily as (
    select
        shop,
        currency,
        day,
        stage,
        count(*) as deals,
        sum(amount) as amount
    from deals
    group by shop, currency, day, stage
),

summed as (
    select
        ----------  ids
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},
        stages.position,
        stages.stage,
        stages.label,

        ----------  deals
        cast(sum(daily.deals) as bigint) as deals,
        cast(sum(daily.amount) as decimal(18, 4)) as amount
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    inner join stages on daily.stage = stages.stage
    group by
        daily.shop, daily.currency, stages.position, stages.stage, stages.label,
        {{ period_columns('days') }}
)

select * from summed

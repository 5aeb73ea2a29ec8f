{{ config(materialized='changed_rows') }}

with

days as (
    select * from {{ ref('int_days_with_activity') }}
),

periods as (
    select * from {{ ref('int_report_periods') }}
),

shops as (
    select * from {{ ref('int_shops_with_today') }}
),

starts as (
    select
        shop,
        day,
        {{ week_start('day') }} as this_week,
        {{ month_start('day') }} as this_month,
        cast(date_trunc('quarter', day) as date) as this_quarter
    from days
),

calendar as (
    select
        shop,
        day,
        'day' as grain,
        day as period_start,
        day as period_end
    from starts
    union all
    select
        shop,
        day,
        'week' as grain,
        this_week as period_start,
        {{ days_later('this_week', 6) }} as period_end
    from starts
    union all
    select
        shop,
        day,
        'month' as grain,
        this_month as period_start,
        {{ days_later(months_later('this_month', 1), -1) }} as period_end
    from starts
    union all
    select
        shop,
        day,
        'quarter' as grain,
        this_quarter as period_start,
        {{ days_later(months_later('this_quarter', 3), -1) }} as period_end
    from starts
),

spread as (
    select
        shop,
        day,
        grain,
        cast(null as string) as period,
        cast(null as string) as comparison,
        period_start,
        period_end
    from calendar
    union all
    select
        days.shop,
        days.day,
        'period' as grain,
        periods.period,
        periods.comparison,
        periods.period_start,
        periods.period_end
    from days
    inner join periods
        on
            days.shop = periods.shop
            and days.day between periods.period_start and periods.period_end
),

reported as (
    select
        ----------  ids
        spread.shop,
        spread.day,

        ----------  the stretch of time that the day is in
        spread.grain,
        spread.period,
        spread.comparison,
        spread.period_start,
        spread.period_end,
        spread.period_end < shops.today as is_complete
    from spread
    inner join shops on spread.shop = shops.shop
)

select * from reported

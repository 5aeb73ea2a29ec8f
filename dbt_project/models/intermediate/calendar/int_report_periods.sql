{#- its name, its first and last day, and how far back the period before it lies -#}
{%- set periods = [
    ('last_7_days', days_later('today', -7), days_later('today', -1), 7, 0),
    ('last_30_days', days_later('today', -30), days_later('today', -1), 30, 0),
    ('last_90_days', days_later('today', -90), days_later('today', -1), 90, 0),
    ('month_to_date', 'this_month', 'today', 0, 1),
    ('last_month', months_later('this_month', -1), days_later('this_month', -1), 0, 1),
    ('year_to_date', "cast(date_trunc('year', today) as date)", 'today', 0, 12),
    ('last_12_months', months_later('today', -12), days_later('today', -1), 0, 12),
    ('all_time', 'first_day', 'greatest(last_day, today)', 0, 0),
] %}

with

shops as (
    select * from {{ ref('int_shops_with_today') }}
),

months as (
    select
        *,
        {{ month_start('today') }} as this_month
    from shops
),

periods as (
    {% for period, start, end, days_back, months_back in periods %}
    select
        shop,
        today,
        first_day,
        '{{ period }}' as period,
        {{ start }} as period_start,
        {{ end }} as period_end,
        {{ days_back }} as days_back,
        {{ months_back }} as months_back
    from months
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

compared as (
    select
        *,
        'none' as comparison,
        period_start as compared_start,
        period_end as compared_end
    from periods
    union all
    select
        *,
        'previous_period' as comparison,
        {{ days_later(months_later('period_start', '-months_back'), '-days_back') }}
            as compared_start,
        {{ days_later(months_later('period_end', '-months_back'), '-days_back') }}
            as compared_end
    from periods
    where period <> 'all_time'
    union all
    select
        *,
        'previous_year' as comparison,
        {{ months_later('period_start', -12) }} as compared_start,
        {{ months_later('period_end', -12) }} as compared_end
    from periods
    where period <> 'all_time'
),

-- a month ends with its last day, whatever month it is compared with
ended as (
    select
        ----------  ids
        shop,
        period,
        comparison,

        ----------  days, both within it
        compared_start as period_start,
        case
            when period = 'last_month'
                then {{ days_later(months_later('compared_start', 1), -1) }}
            else compared_end
        end as period_end,

        ----------  the shop's
        today,
        first_day
    from compared
)

select * from ended

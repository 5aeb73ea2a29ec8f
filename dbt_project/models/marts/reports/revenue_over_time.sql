with

daily_sales as (
    select * from {{ ref('daily_sales') }}
),

days as (
    select * from {{ ref('int_report_days') }}
),

summed as (
    select
        ----------  money of the events
        {% for measure in ledger_measures() %}
        cast(sum(daily_sales.{{ measure }}) as decimal(18, 4)) as {{ measure }},
        {% endfor %}

        ----------  ids
        daily_sales.shop,
        daily_sales.currency,
        {{ period_columns('days') }}
    from daily_sales
    inner join days
        on
            daily_sales.shop = days.shop
            and daily_sales.sale_date = days.day
    group by daily_sales.shop, daily_sales.currency, {{ period_columns('days') }}
)

select * from summed

with

periods as (
    select * from {{ ref('int_report_periods') }}
),

listed as (
    select
        ----------  ids
        shop,
        period,
        comparison,

        ----------  days, both within it
        period_start,
        period_end,
        period_end < today as is_complete,

        ----------  the shop's
        today,
        first_day
    from periods
)

select * from listed

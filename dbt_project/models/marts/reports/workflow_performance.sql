with

enrolments as (
    select * from {{ ref('int_enrolments_with_purchase') }}
),

present as (
    {% for workflow, cause_id in {
        'new_customer': 'order_id', 'abandoned_checkout': 'checkout_id',
        're_engagement': 'order_id',
    }.items() %}
    select
        '{{ workflow }}' as workflow,
        shop,
        {{ cause_id }} as cause_id
    from {{ ref(workflow) }}
    where is_enrolled
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

days as (
    select * from {{ ref('int_report_days') }}
    where grain in ('month', 'quarter', 'period')
),

judged as (
    select
        enrolments.*,
        case when present.cause_id is null then 1 else 0 end as has_left,
        case when enrolments.is_over then 1 else 0 end as over
    from enrolments
    left join present
        on
            enrolments.workflow = present.workflow
            and enrolments.shop = present.shop
            and enrolments.cause_id = present.cause_id
),

daily as (
    select
        shop,
        currency,
        workflow,
        could_be_mailed,
        entered_date as day,
        count(*) as entered,
        sum(has_left) as has_left,
        sum(over) as observed,
        sum(case when orders > 0 then over else 0 end) as bought,
        sum(over * orders) as purchases,
        sum(over * net_sales) as revenue
    from judged
    group by shop, currency, workflow, could_be_mailed, entered_date
),

summed as (
    select
        ----------  ids
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},
        daily.workflow,
        daily.could_be_mailed,

        ----------  enrolments, by the day of entering
        cast(sum(daily.entered) as bigint) as entered,
        cast(sum(daily.has_left) as bigint) as has_left,

        ----------  of those who entered long enough ago
        cast(sum(daily.observed) as bigint) as observed,
        cast(sum(daily.bought) as bigint) as bought,
        {{ share('sum(daily.bought)', 'sum(daily.observed)') }} as purchase_rate,
        cast(sum(daily.purchases) as bigint) as purchases,
        cast(sum(daily.revenue) as decimal(18, 4)) as revenue,
        {{ money_per('sum(daily.revenue)', 'sum(daily.observed)') }} as revenue_per_enrolment
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    group by
        daily.shop, daily.currency, {{ period_columns('days') }}, daily.workflow,
        daily.could_be_mailed
)

select * from summed

with

people as (
    select * from {{ ref('people') }}
),

scores as (
    select * from {{ ref('int_people_with_rfm') }}
),

home as (
    select * from {{ ref('int_home_currency') }}
),

scored as (
    select
        scores.segment,
        scores.recency,
        scores.frequency,
        scores.monetary,
        people.orders,
        people.net_sales,
        people.last_order_date
    from scores
    inner join people on scores.person_key = people.person_key
),

counted as (
    select
        ----------  ids
        home.home_currency as currency,
        scored.segment,
        scored.recency,
        scored.frequency,
        scored.monetary,

        ----------  persons and what they bought
        count(*) as customers,
        cast(sum(scored.orders) as bigint) as orders,
        cast(sum(scored.net_sales) as decimal(18, 4)) as net_sales,
        {{ money_per('sum(scored.net_sales)', 'count(*)') }} as net_sales_per_customer,
        max(scored.last_order_date) as last_order_date
    from scored
    cross join home
    group by
        home.home_currency, scored.segment, scored.recency, scored.frequency, scored.monetary
)

select * from counted

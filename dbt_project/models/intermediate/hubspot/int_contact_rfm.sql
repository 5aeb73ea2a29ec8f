with

people as (
    select * from {{ ref('people') }}
),

ranked as (
    select
        person_key,
        percent_rank() over (order by days_since_last_order desc)
            as recency_rank,
        percent_rank() over (order by orders) as frequency_rank,
        percent_rank() over (order by net_sales) as monetary_rank
    from people
    where orders > 0
),

scored as (
    select
        person_key,
        cast(least(floor(recency_rank * 5), 4) + 1 as bigint) as recency,
        cast(least(floor(frequency_rank * 5), 4) + 1 as bigint) as frequency,
        cast(least(floor(monetary_rank * 5), 4) + 1 as bigint) as monetary
    from ranked
),

weighed as (
    select
        *,
        (frequency + monetary) / 2.0 as worth
    from scored
),

segmented as (
    select
        ----------  ids
        person_key,

        ----------  scores, 1 to 5
        recency,
        frequency,
        monetary,

        ----------  segment, first match wins
        case
            when recency >= 4 and worth >= 4 then 'Champions'
            when recency >= 3 and worth >= 3 then 'Loyal customers'
            when recency >= 4 and frequency = 1 then 'New customers'
            when recency >= 4 then 'Potential loyalists'
            when recency = 3 and worth >= 2 then 'Needing attention'
            when recency = 3 then 'Promising'
            when recency = 1 and worth >= 4 then 'Cannot lose them'
            when worth >= 3 then 'At risk'
            when recency = 2 then 'About to sleep'
            else 'Lost'
        end as segment
    from weighed
)

select * from segmented

with

people as (
    select * from {{ ref('people') }}
),

-- rank() gives equal values one place, so that they score equally; whoever bought on one day
-- of the shop's ranks equally too, at whatever hour it is asked
ranked as (
    select
        person_key,
        count(*) over () - 1 as others,
        count(*) over () - rank() over (order by last_order_date desc) as others_not_later,
        rank() over (order by orders) - 1 as others_with_fewer_orders,
        rank() over (order by net_sales) - 1 as others_with_lower_sales
    from people
    where orders > 0
),

scored as (
    select
        person_key,
        {{ fifth_of_others('others_not_later', 'others', alone=5) }} as recency,
        {{ fifth_of_others('others_with_fewer_orders', 'others', alone=1) }} as frequency,
        {{ fifth_of_others('others_with_lower_sales', 'others', alone=1) }} as monetary
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

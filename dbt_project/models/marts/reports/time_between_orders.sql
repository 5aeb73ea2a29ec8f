with

orders as (
    select * from {{ ref('orders') }}
    where order_index is not null and person_key is not null
),

gaps as (
    select
        shop,
        order_index,
        {{ days_between(
            'lag(order_date) over (partition by shop, person_key order by order_index)',
            'order_date'
        ) }} as days
    from orders
),

weeks as (
    select
        shop,
        case when order_index = 2 then 'first to second' else 'later' end as orders_between,
        cast(floor(days / 7) as bigint) as weeks,
        count(*) as intervals,
        cast(sum(days) as bigint) as days
    from gaps
    where order_index > 1
    group by
        shop, case when order_index = 2 then 'first to second' else 'later' end, floor(days / 7)
),

counted as (
    select
        ----------  ids
        shop,
        orders_between,
        weeks,

        ----------  intervals, and the share of them that is no longer
        intervals,
        days,
        {{ share(
            'sum(intervals) over (partition by shop, orders_between order by weeks)',
            'sum(intervals) over (partition by shop, orders_between)'
        ) }} as cumulative_share
    from weeks
)

select * from counted

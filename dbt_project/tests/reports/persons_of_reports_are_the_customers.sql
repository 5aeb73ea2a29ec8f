-- Segments hold every person with an order, cohorts and first products every person and shop,
-- and the times between orders every later order.
with

people as (
    select
        count(*) as customers,
        coalesce(sum(orders), 0) as orders
    from {{ ref('people') }}
    where orders > 0
),

orders as (
    select
        count(distinct case when order_index = 1 then shop || ' ' || person_key end) as customers,
        count(case when order_index > 1 then 1 end) as later_orders
    from {{ ref('orders') }}
    where order_index is not null and person_key is not null
),

segments as (
    select
        coalesce(sum(customers), 0) as customers,
        coalesce(sum(orders), 0) as orders
    from {{ ref('rfm_segments') }}
),

cohorts as (
    select coalesce(sum(customers), 0) as customers
    from (
        select distinct
            shop,
            cohort_month,
            customers
        from {{ ref('cohorts') }}
        where cohort_month is not null
    ) as sizes
),

gaps as (
    select coalesce(sum(intervals), 0) as intervals from {{ ref('time_between_orders') }}
),

compared as (
    select 1 as differs
    from people
    cross join orders
    cross join segments
    cross join cohorts
    cross join gaps
    where
        people.customers <> segments.customers
        or people.orders <> segments.orders
        or orders.customers <> cohorts.customers
        or orders.later_orders <> gaps.intervals
)

select * from compared

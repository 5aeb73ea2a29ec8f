with

orders as (
    select
        *,
        case when is_cancelled then 0 else 1 end as not_cancelled
    from {{ ref('orders') }}
    where placed_date is not null
),

by_day as (
    select
        ----------  ids
        shop,
        placed_date as sale_date,
        currency,

        ----------  facts
        count(*) as orders,
        sum(not_cancelled) as orders_not_cancelled,
        {{ orders_of_a_period() }}
    from orders
    group by shop, placed_date, currency
)

select * from by_day

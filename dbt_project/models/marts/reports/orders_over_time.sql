with

orders as (
    select * from {{ ref('orders') }}
),

days as (
    select * from {{ ref('int_report_days') }}
),

placed as (
    select
        shop,
        placed_date as day,
        currency,
        count(*) as orders,
        sum(case when is_cancelled then 0 else 1 end) as orders_not_cancelled,
        sum(case when deal_stage = 'checkout_completed' then 1 else 0 end) as awaiting_payment,
        sum(case when deal_stage = 'processed' then 1 else 0 end) as processed,
        sum(case when deal_stage = 'shipped' then 1 else 0 end) as shipped,
        sum(case when deal_stage = 'cancelled' then 1 else 0 end) as cancelled
    from orders
    group by shop, placed_date, currency
),

summed as (
    select
        ----------  ids
        placed.shop,
        placed.currency,
        {{ period_columns('days') }},

        ----------  orders placed
        cast(sum(placed.orders) as bigint) as orders,
        cast(sum(placed.orders_not_cancelled) as bigint) as orders_not_cancelled,

        ----------  of them, by their stage now
        cast(sum(placed.awaiting_payment) as bigint) as awaiting_payment,
        cast(sum(placed.processed) as bigint) as processed,
        cast(sum(placed.shipped) as bigint) as shipped,
        cast(sum(placed.cancelled) as bigint) as cancelled
    from placed
    inner join days
        on
            placed.shop = days.shop
            and placed.day = days.day
    group by placed.shop, placed.currency, {{ period_columns('days') }}
)

select * from summed

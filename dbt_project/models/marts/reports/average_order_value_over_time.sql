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
        count(*) as orders_not_cancelled,
        sum(ordered_gross_sales - ordered_discounts) as ordered_sales
    from orders
    where not is_cancelled
    group by shop, placed_date, currency
),

-- a mean of means is not the mean
summed as (
    select
        ----------  ids
        placed.shop,
        placed.currency,
        {{ period_columns('days') }},

        ----------  what is divided, and its quotient
        cast(sum(placed.ordered_sales) as decimal(18, 4)) as ordered_sales,
        cast(sum(placed.orders_not_cancelled) as bigint) as orders_not_cancelled,
        {{ money_per('sum(placed.ordered_sales)', 'sum(placed.orders_not_cancelled)') }}
            as average_order_value
    from placed
    inner join days
        on
            placed.shop = days.shop
            and placed.day = days.day
    group by placed.shop, placed.currency, {{ period_columns('days') }}
)

select * from summed

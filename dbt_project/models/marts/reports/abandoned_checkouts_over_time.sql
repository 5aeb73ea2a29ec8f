with

checkouts as (
    select * from {{ ref('checkouts') }}
    where checkout_state in ('abandoned', 'recovered')
),

orders as (
    select * from {{ ref('orders') }}
),

days as (
    select * from {{ ref('int_report_days') }}
),

valued as (
    select
        checkouts.shop,
        checkouts.currency,
        checkouts.created_date,
        checkouts.total_price,
        case when checkouts.checkout_state = 'recovered' then 1 else 0 end as recovered,
        case
            when checkouts.checkout_state = 'recovered'
                then coalesce(orders.order_total, checkouts.total_price)
            else 0
        end as recovered_revenue
    from checkouts
    left join orders
        on
            checkouts.shop = orders.shop
            and checkouts.order_id = orders.order_id
),

daily as (
    select
        shop,
        currency,
        created_date as day,
        count(*) as abandoned,
        sum(total_price) as abandoned_value,
        sum(recovered) as recovered,
        sum(recovered_revenue) as recovered_revenue
    from valued
    group by shop, currency, created_date
),

summed as (
    select
        ----------  ids
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},

        ----------  checkouts, by the day they began
        cast(sum(daily.abandoned) as bigint) as abandoned,
        cast(sum(daily.recovered) as bigint) as recovered,
        cast(sum(daily.abandoned - daily.recovered) as bigint) as still_open,
        {{ share('sum(daily.recovered)', 'sum(daily.abandoned)') }} as recovery_rate,

        ----------  money
        cast(sum(daily.abandoned_value) as decimal(18, 4)) as abandoned_value,
        cast(sum(daily.recovered_revenue) as decimal(18, 4)) as recovered_revenue
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    group by daily.shop, daily.currency, {{ period_columns('days') }}
)

select * from summed

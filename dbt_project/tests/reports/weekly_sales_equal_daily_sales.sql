-- Weeks are groups of days: per shop and currency every sum of the weeks is that of the days.
with

daily_sales as (
    select
        shop,
        currency,
        sum(orders) as orders,
        sum(all_sales) as all_sales,
        sum(net_sales) as net_sales
    from {{ ref('daily_sales') }}
    group by shop, currency
),

weekly_sales as (
    select
        shop,
        currency,
        sum(orders) as orders,
        sum(all_sales) as all_sales,
        sum(net_sales) as net_sales
    from {{ ref('weekly_sales') }}
    group by shop, currency
),

compared as (
    select
        daily_sales.shop,
        daily_sales.currency
    from daily_sales
    full outer join weekly_sales
        on
            daily_sales.shop = weekly_sales.shop
            and daily_sales.currency = weekly_sales.currency
    where
        daily_sales.orders is distinct from weekly_sales.orders
        or daily_sales.all_sales is distinct from weekly_sales.all_sales
        or daily_sales.net_sales is distinct from weekly_sales.net_sales
)

select * from compared

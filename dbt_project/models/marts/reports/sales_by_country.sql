with

sales as (
    select * from {{ ref('sales') }}
),

orders as (
    select * from {{ ref('orders') }}
),

days as (
    select * from {{ ref('int_report_days') }}
    where grain in ('month', 'quarter', 'period')
),

daily as (
    select
        sales.shop,
        sales.currency,
        sales.sale_date as day,
        coalesce(orders.shipping_country, orders.billing_country, 'unknown') as country,
        count(distinct case when sales.event = 'order' then sales.order_id end) as orders,
        sum(sales.net_sales) as net_sales,
        sum(sales.total_sales) as total_sales
    from sales
    left join orders
        on
            sales.shop = orders.shop
            and sales.order_id = orders.order_id
    group by
        sales.shop, sales.currency, sales.sale_date,
        coalesce(orders.shipping_country, orders.billing_country, 'unknown')
),

summed as (
    select
        ----------  ids
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},
        daily.country,

        ----------  orders and their money
        cast(sum(daily.orders) as bigint) as orders,
        cast(sum(daily.net_sales) as decimal(18, 4)) as net_sales,
        cast(sum(daily.total_sales) as decimal(18, 4)) as total_sales
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    group by daily.shop, daily.currency, daily.country, {{ period_columns('days') }}
)

select * from summed

with

sales as (
    select * from {{ ref('sales') }}
),

days as (
    select * from {{ ref('int_report_days') }}
),

order_days as (
    select
        shop,
        order_id,
        currency,
        sale_date as day,
        max(case when event = 'order' then 1 else 0 end) as is_placed,
        max(case when event = 'order' and discounts > 0 then 1 else 0 end) as is_discounted,
        max(case when returns > 0 then 1 else 0 end) as is_returned,
        sum(gross_sales) as gross_sales,
        sum(discounts) as discounts,
        sum(returns) as returns
    from sales
    group by shop, order_id, currency, sale_date
),

-- an order of which something came back on two days counts once
order_periods as (
    select
        order_days.shop,
        order_days.currency,
        order_days.order_id,
        {{ period_columns('days') }},
        max(order_days.is_placed) as is_placed,
        max(order_days.is_discounted) as is_discounted,
        max(order_days.is_returned) as is_returned,
        sum(order_days.gross_sales) as gross_sales,
        sum(order_days.discounts) as discounts,
        sum(order_days.returns) as returns
    from order_days
    inner join days
        on
            order_days.shop = days.shop
            and order_days.day = days.day
    group by
        order_days.shop, order_days.currency, order_days.order_id, {{ period_columns('days') }}
),

summed as (
    select
        ----------  ids
        shop,
        currency,
        {{ period_columns() }},

        ----------  orders
        cast(sum(is_placed) as bigint) as orders,
        cast(sum(is_discounted) as bigint) as orders_with_a_discount,
        cast(sum(is_returned) as bigint) as orders_with_a_return,

        ----------  money, and its share of gross sales
        cast(sum(gross_sales) as decimal(18, 4)) as gross_sales,
        cast(sum(discounts) as decimal(18, 4)) as discounts,
        cast(sum(returns) as decimal(18, 4)) as returns,
        {{ share('sum(discounts)', 'sum(gross_sales)') }} as discount_rate,
        {{ share('sum(returns)', 'sum(gross_sales)') }} as return_rate
    from order_periods
    group by shop, currency, {{ period_columns() }}
)

select * from summed

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

-- an order of which something came back on two days counts once; most have one day alone
order_days_counted as (
    select
        *,
        count(*) over (partition by shop, currency, order_id) as days_of_order
    from order_days
),

daily as (
    select
        shop,
        currency,
        day,
        sum(is_placed) as orders,
        sum(is_discounted) as orders_with_a_discount,
        sum(is_returned) as orders_with_a_return,
        sum(gross_sales) as gross_sales,
        sum(discounts) as discounts,
        sum(returns) as returns
    from order_days_counted
    where days_of_order = 1
    group by shop, currency, day
),

spread as (
    select
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},
        daily.orders,
        daily.orders_with_a_discount,
        daily.orders_with_a_return,
        daily.gross_sales,
        daily.discounts,
        daily.returns
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    union all
    select
        several.shop,
        several.currency,
        {{ period_columns('days') }},
        max(several.is_placed) as orders,
        max(several.is_discounted) as orders_with_a_discount,
        max(several.is_returned) as orders_with_a_return,
        sum(several.gross_sales) as gross_sales,
        sum(several.discounts) as discounts,
        sum(several.returns) as returns
    from order_days_counted as several
    inner join days
        on
            several.shop = days.shop
            and several.day = days.day
    where several.days_of_order > 1
    group by several.shop, several.currency, several.order_id, {{ period_columns('days') }}
),

summed as (
    select
        ----------  ids
        shop,
        currency,
        {{ period_columns() }},

        ----------  orders
        cast(sum(orders) as bigint) as orders,
        cast(sum(orders_with_a_discount) as bigint) as orders_with_a_discount,
        cast(sum(orders_with_a_return) as bigint) as orders_with_a_return,

        ----------  money, and its share of gross sales
        cast(sum(gross_sales) as decimal(18, 4)) as gross_sales,
        cast(sum(discounts) as decimal(18, 4)) as discounts,
        cast(sum(returns) as decimal(18, 4)) as returns,
        {{ share('sum(discounts)', 'sum(gross_sales)') }} as discount_rate,
        {{ share('sum(returns)', 'sum(gross_sales)') }} as return_rate
    from spread
    group by shop, currency, {{ period_columns() }}
)

select * from summed

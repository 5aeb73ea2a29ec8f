with

sales as (
    select * from {{ ref('sales') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

days as (
    select * from {{ ref('int_report_days') }}
    where grain in ('month', 'quarter', 'period')
),

-- what belongs to no product, such as a refund adjustment, has a row too
named as (
    select
        sales.shop,
        sales.currency,
        sales.sale_date as day,
        case
            when sales.line_type <> 'product' then 'not a product'
            else coalesce(nullif(order_lines.product_type, ''), 'unknown')
        end as product_type,
        case
            when sales.line_type <> 'product' then 'not a product'
            else coalesce(nullif(order_lines.vendor, ''), 'unknown')
        end as vendor,
        sales.quantity,
        sales.gross_sales,
        sales.discounts,
        sales.returns,
        sales.net_sales
    from sales
    left join order_lines
        on
            sales.shop = order_lines.shop
            and sales.order_line_id = order_lines.order_line_id
    where sales.gross_sales <> 0 or sales.discounts <> 0 or sales.returns <> 0
),

daily as (
    select
        shop,
        currency,
        day,
        product_type,
        vendor,
        sum(case when product_type <> 'not a product' then quantity else 0 end) as net_units,
        sum(gross_sales) as gross_sales,
        sum(discounts) as discounts,
        sum(returns) as returns,
        sum(net_sales) as net_sales
    from named
    group by shop, currency, day, product_type, vendor
),

summed as (
    select
        ----------  ids
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},
        daily.product_type,
        daily.vendor,

        ----------  units and money
        cast(sum(daily.net_units) as bigint) as net_units,
        cast(sum(daily.gross_sales) as decimal(18, 4)) as gross_sales,
        cast(sum(daily.discounts) as decimal(18, 4)) as discounts,
        cast(sum(daily.returns) as decimal(18, 4)) as returns,
        cast(sum(daily.net_sales) as decimal(18, 4)) as net_sales
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    group by
        daily.shop, daily.currency, daily.product_type, daily.vendor,
        {{ period_columns('days') }}
)

select * from summed

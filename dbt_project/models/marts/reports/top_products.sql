with

daily as (
    select * from {{ ref('int_product_sales_by_day') }}
),

product_lines as (
    select * from {{ ref('int_product_lines') }}
),

days as (
    select * from {{ ref('int_report_days') }}
    where grain in ('month', 'quarter', 'period')
),

summed as (
    select
        daily.shop,
        daily.currency,
        daily.product_line,
        {{ period_columns('days') }},
        sum(daily.gross_sales) as gross_sales,
        sum(daily.discounts) as discounts,
        sum(daily.returns) as returns,
        sum(daily.net_sales) as net_sales,
        sum(daily.units_sold) as units_sold,
        sum(daily.units_returned) as units_returned,
        sum(daily.orders) as orders
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    group by daily.shop, daily.currency, daily.product_line, {{ period_columns('days') }}
),

named as (
    select
        ----------  ids
        summed.shop,
        summed.currency,
        {{ period_columns('summed') }},
        summed.product_line,
        product_lines.product_id,
        product_lines.variant_id,
        product_lines.sku,
        coalesce(product_lines.title, 'Unknown product') as title,

        ----------  money, without tax
        cast(summed.gross_sales as decimal(18, 4)) as gross_sales,
        cast(summed.discounts as decimal(18, 4)) as discounts,
        cast(summed.returns as decimal(18, 4)) as returns,
        cast(summed.net_sales as decimal(18, 4)) as net_sales,

        ----------  counts
        cast(summed.units_sold as bigint) as units_sold,
        cast(summed.units_returned as bigint) as units_returned,
        cast(summed.orders as bigint) as orders
    from summed
    left join product_lines
        on
            summed.shop = product_lines.shop
            and summed.product_line = product_lines.product_line
)

select * from named

{{ config(materialized='changed_rows') }}

with

sales as (
    select * from {{ ref('sales') }}
    where line_type = 'product'
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

named as (
    select
        sales.shop,
        sales.currency,
        sales.sale_date as day,
        sales.order_id,
        sales.event,
        sales.quantity,
        sales.gross_sales,
        sales.discounts,
        sales.returns,
        sales.net_sales,
        {{ product_line('order_lines') }} as product_line
    from sales
    left join order_lines
        on
            sales.shop = order_lines.shop
            and sales.order_line_id = order_lines.order_line_id
),

summed as (
    select
        ----------  ids
        shop,
        currency,
        day,
        product_line,

        ----------  money, without tax
        cast(sum(gross_sales) as decimal(18, 4)) as gross_sales,
        cast(sum(discounts) as decimal(18, 4)) as discounts,
        cast(sum(returns) as decimal(18, 4)) as returns,
        cast(sum(net_sales) as decimal(18, 4)) as net_sales,

        ----------  counts
        cast(sum(case when quantity > 0 then quantity else 0 end) as bigint) as units_sold,
        cast(sum(case when quantity < 0 then -quantity else 0 end) as bigint) as units_returned,
        count(distinct case when event = 'order' then order_id end) as orders
    from named
    group by shop, currency, day, product_line
)

select * from summed

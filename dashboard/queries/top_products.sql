-- The ten variants with the greatest net sales; one that Shopify no longer has is known by
-- what its order lines say, as in the report of top products.
with

sold as (
    select
        sales.shop,
        sales.currency,
        sales.sale_date as day,
        coalesce(
            lines.variant_id, coalesce(lines.sku, '') || '/' || coalesce(lines.title, '')
        ) as product,
        arg_max(coalesce(lines.name, lines.title), (sales.sale_date, lines.order_line_id))
            as title,
        arg_max(lines.sku, (sales.sale_date, lines.order_line_id)) as sku,
        sum(sales.net_sales) as net_sales,
        sum(sales.returns) as returns,
        sum(greatest(sales.quantity, 0)) as units_sold,
        sum(greatest(-sales.quantity, 0)) as units_returned
    from core.sales
    left join core.order_lines as lines
        on sales.shop = lines.shop
        and sales.order_line_id = lines.order_line_id
    where sales.line_type = 'product'
    group by all
),

summed as (
    select
        scopes.scope,
        periods.period,
        sold.shop,
        sold.product,
        coalesce(arg_max(sold.title, sold.day), 'Unknown product') as title,
        arg_max(sold.sku, sold.day) as sku,
        sum(sold.net_sales) as net_sales,
        sum(sold.returns) as returns,
        sum(sold.units_sold) as units_sold,
        sum(sold.units_returned) as units_returned
    from sold
    inner join scopes
        on sold.shop = scopes.shop
        and sold.currency = scopes.currency
    inner join periods on sold.day between periods.starts and periods.ends
    group by all
)

select
    scope,
    period,
    row_number() over (
        partition by scope, period order by net_sales desc, title, shop, product
    ) as place,
    title,
    sku,
    split_part(shop, '.', 1) as store,
    net_sales,
    returns,
    units_sold,
    units_returned
from summed
qualify place <= 10
order by scope, period, place

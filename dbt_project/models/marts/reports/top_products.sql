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
        sales.order_id,
        sales.order_line_id,
        sales.event,
        sales.quantity,
        sales.gross_sales,
        sales.discounts,
        sales.returns,
        sales.net_sales,
        order_lines.product_id,
        order_lines.variant_id,
        order_lines.sku,
        order_lines.title,
        -- a line whose variant was deleted is known by its own fields
        coalesce(
            order_lines.variant_id,
            coalesce(order_lines.sku, '') || '/' || coalesce(order_lines.title, '')
        ) as product_line
    from sales
    left join order_lines
        on
            sales.shop = order_lines.shop
            and sales.order_line_id = order_lines.order_line_id
),

totals as (
    select
        ----------  ids
        shop,
        {{ value_at_greatest('product_id', id_order('order_line_id')) }} as product_id,
        max(variant_id) as variant_id,
        {{ value_at_greatest('sku', id_order('order_line_id')) }} as sku,
        {{ value_at_greatest('title', id_order('order_line_id')) }} as title,
        currency,

        ----------  money, without tax
        cast(sum(gross_sales) as decimal(18, 4)) as gross_sales,
        cast(sum(discounts) as decimal(18, 4)) as discounts,
        cast(sum(returns) as decimal(18, 4)) as returns,
        cast(sum(net_sales) as decimal(18, 4)) as net_sales,

        ----------  counts
        cast(sum(case when quantity > 0 then quantity else 0 end) as bigint) as units_sold,
        cast(sum(case when quantity < 0 then -quantity else 0 end) as bigint)
            as units_returned,
        count(distinct case when event = 'order' then order_id end) as orders
    from named
    group by shop, currency, product_line
)

select * from totals

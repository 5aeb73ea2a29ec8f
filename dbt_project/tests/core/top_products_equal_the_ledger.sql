-- Products add up to the ledger's product sales: gross, discounts and net per shop.
with

sales as (
    select
        shop,
        sum(gross_sales) as gross_sales,
        sum(discounts) as discounts,
        sum(net_sales) as net_sales
    from {{ ref('sales') }}
    where line_type = 'product'
    group by shop
),

top_products as (
    select
        shop,
        sum(gross_sales) as gross_sales,
        sum(discounts) as discounts,
        sum(net_sales) as net_sales
    from {{ ref('top_products') }}
    group by shop
),

compared as (
    select shop
    from sales
    full outer join top_products using (shop)
    where
        coalesce(sales.gross_sales, 0) <> coalesce(top_products.gross_sales, 0)
        or coalesce(sales.discounts, 0) <> coalesce(top_products.discounts, 0)
        or coalesce(sales.net_sales, 0) <> coalesce(top_products.net_sales, 0)
)

select * from compared

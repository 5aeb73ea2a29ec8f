-- The order-date view and the event-date view hold the same sales: totals per shop are equal.
with

sales as (
    select
        shop,
        sum(all_sales) as all_sales,
        sum(net_sales) as net_sales
    from {{ ref('sales') }}
    group by shop
),

orders as (
    select
        shop,
        sum(all_sales) as all_sales,
        sum(net_sales) as net_sales
    from {{ ref('orders') }}
    group by shop
),

compared as (
    select shop
    from sales
    full outer join orders using (shop)
    where
        coalesce(sales.all_sales, 0) <> coalesce(orders.all_sales, 0)
        or coalesce(sales.net_sales, 0) <> coalesce(orders.net_sales, 0)
)

select * from compared

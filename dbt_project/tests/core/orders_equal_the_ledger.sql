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
    inner join orders using (shop)
    where
        sales.all_sales <> orders.all_sales
        or sales.net_sales <> orders.net_sales
)

select * from compared

-- Per order, the sales of its order agreement add up to its total as ordered.
with

orders as (
    select * from {{ ref('orders') }}
),

sales as (
    select
        shop,
        order_id,
        sum(total_amount) as ordered
    from {{ ref('sales') }}
    where event = 'order'
    group by shop, order_id
),

compared as (
    select
        orders.shop,
        orders.order_id,
        orders.original_total,
        sales.ordered
    from orders
    inner join sales using (shop, order_id)
    where orders.original_total is distinct from sales.ordered
)

select * from compared

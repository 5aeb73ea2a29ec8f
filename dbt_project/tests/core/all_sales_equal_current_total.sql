-- Per order, all its sales add up to its current total and what refunds gave beyond or below.
with

orders as (
    select * from {{ ref('orders') }}
),

sales as (
    select
        shop,
        order_id,
        sum(total_amount) as sold
    from {{ ref('sales') }}
    group by shop, order_id
),

compared as (
    select
        orders.shop,
        orders.order_id,
        orders.current_total,
        orders.refund_discrepancy,
        sales.sold
    from orders
    inner join sales using (shop, order_id)
    where
        orders.current_total + coalesce(orders.refund_discrepancy, 0)
        is distinct from sales.sold
)

select * from compared

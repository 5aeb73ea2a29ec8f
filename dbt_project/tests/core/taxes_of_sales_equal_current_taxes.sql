-- Per order, the taxes of all its sales add up to its current tax.
with

orders as (
    select * from {{ ref('orders') }}
),

sales as (
    select
        shop,
        order_id,
        sum(tax_amount) as taxed
    from {{ ref('sales') }}
    group by shop, order_id
),

compared as (
    select
        orders.shop,
        orders.order_id,
        orders.current_taxes,
        sales.taxed
    from orders
    inner join sales using (shop, order_id)
    where orders.current_taxes is distinct from sales.taxed
)

select * from compared

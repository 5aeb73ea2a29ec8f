-- Per order, the taxes of all its sales add up to its current tax.
with

orders as (
    select * from {{ ref('orders') }}
    {% if var('cancelled_orders') == 'excluded' %}
    where not is_cancelled
    {% endif %}
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
    left join sales using (shop, order_id)
    where coalesce(orders.current_taxes, 0) <> coalesce(sales.taxed, 0)
)

select * from compared

-- Per order, all its sales add up to its current total and what refunds gave beyond or below.
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
    left join sales using (shop, order_id)
    where
        coalesce(orders.current_total, 0) + coalesce(orders.refund_discrepancy, 0)
        <> coalesce(sales.sold, 0)
)

select * from compared

-- Only an order with an impossible date has sales in no period.
with

sales as (
    select * from {{ ref('sales') }}
    where sale_date is null or happened_at is null
),

undated_orders as (
    select * from {{ ref('int_orders_with_impossible_dates') }}
),

without_day as (
    select
        sales.shop,
        sales.order_id,
        sales.sale_id
    from sales
    left join undated_orders
        on
            sales.shop = undated_orders.shop
            and sales.order_id = undated_orders.order_id
    where undated_orders.order_id is null
)

select * from without_day

with

orders as (
    select
        *,
        case when is_cancelled then 0 else 1 end as not_cancelled
    from {{ ref('orders') }}
),

placed as (
    select
        shop,
        placed_date as sale_date,
        currency,
        count(*) as orders,
        sum(not_cancelled) as orders_not_cancelled,
        {{ average_order_value() }}
    from orders
    where placed_date is not null
    group by shop, placed_date, currency
),

-- imported history is booked long after it happened: who is new goes by when it was processed
processed as (
    select
        shop,
        order_date as sale_date,
        currency,
        {{ customers_of_a_period() }}
    from orders
    where order_index is not null
    group by shop, order_date, currency
),

by_day as (
    select
        ----------  ids
        shop,
        sale_date,
        currency,

        ----------  orders placed on the day
        coalesce(placed.orders, 0) as orders,
        coalesce(placed.orders_not_cancelled, 0) as orders_not_cancelled,
        placed.average_order_value,

        ----------  persons whose orders were processed on the day
        coalesce(processed.new_customers, 0) as new_customers,
        coalesce(processed.returning_customers, 0) as returning_customers
    from placed
    full outer join processed using (shop, sale_date, currency)
)

select * from by_day

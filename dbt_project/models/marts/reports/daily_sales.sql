with

sales as (
    select * from {{ ref('sales') }}
),

orders as (
    select * from {{ ref('int_orders_by_day') }}
),

events as (
    select
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}
        shop,
        sale_date,
        currency
    from sales
    -- a sale of an order with an impossible date is in no period
    where sale_date is not null
    group by shop, sale_date, currency
),

days as (
    select
        shop,
        sale_date,
        currency
    from events
    union
    select
        shop,
        sale_date,
        currency
    from orders
),

reported as (
    select
        ----------  ids
        shop,
        sale_date,
        currency,

        ----------  orders placed on the day
        coalesce(orders.orders, 0) as orders,
        cast(coalesce(orders.orders_not_cancelled, 0) as bigint) as orders_not_cancelled,

        ----------  money of the day's events
        {% for measure in ledger_measures() %}
        cast(coalesce(events.{{ measure }}, 0) as decimal(18, 4)) as {{ measure }},
        {% endfor %}

        orders.average_order_value,

        ----------  persons whose orders were processed on the day
        coalesce(orders.new_customers, 0) as new_customers,
        coalesce(orders.returning_customers, 0) as returning_customers
    from days
    left join events using (shop, sale_date, currency)
    left join orders using (shop, sale_date, currency)
)

select * from reported

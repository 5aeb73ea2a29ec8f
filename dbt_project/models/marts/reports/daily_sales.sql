with

sales as (
    select * from {{ ref('sales') }}
),

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
    from placed
    union
    select
        shop,
        sale_date,
        currency
    from processed
),

reported as (
    select
        ----------  ids
        shop,
        sale_date,
        currency,

        ----------  orders placed on the day
        coalesce(placed.orders, 0) as orders,
        cast(coalesce(placed.orders_not_cancelled, 0) as bigint) as orders_not_cancelled,

        ----------  money of the day's events
        {% for measure in ledger_measures() %}
        cast(coalesce(events.{{ measure }}, 0) as decimal(18, 4)) as {{ measure }},
        {% endfor %}

        placed.average_order_value,

        ----------  persons whose orders were processed on the day
        coalesce(processed.new_customers, 0) as new_customers,
        coalesce(processed.returning_customers, 0) as returning_customers
    from days
    left join events using (shop, sale_date, currency)
    left join placed using (shop, sale_date, currency)
    left join processed using (shop, sale_date, currency)
)

select * from reported

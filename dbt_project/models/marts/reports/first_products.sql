with

orders as (
    select * from {{ ref('orders') }}
    where order_index is not null and person_key is not null
),

baskets as (
    select * from {{ ref('int_baskets') }}
),

product_lines as (
    select * from {{ ref('int_product_lines') }}
),

-- a shop that changed its currency has orders of a person in both: they are never added
orders_since_first as (
    select
        *,
        max(case when order_index = 1 then currency end)
            over (partition by shop, person_key) as first_currency
    from orders
),

customers as (
    select
        shop,
        person_key,
        first_currency as currency,
        max(case when order_index = 1 then order_id end) as first_order_id,
        count(*) as orders,
        sum(case when currency = first_currency then net_sales else 0 end) as net_sales,
        min(case when order_index = 2 then order_date end) as second_order_date,
        min(order_date) as first_order_date
    from orders_since_first
    group by shop, person_key, first_currency
),

totals as (
    select
        shop,
        currency,
        count(*) as customers,
        sum(case when orders > 1 then 1 else 0 end) as returned
    from customers
    group by shop, currency
),

-- a first order of several products counts for each of them
first_lines as (
    select
        customers.shop,
        customers.currency,
        customers.person_key,
        baskets.product_line,
        customers.orders,
        customers.net_sales,
        {{ days_between('customers.first_order_date', 'customers.second_order_date') }} as days
    from customers
    inner join baskets
        on
            customers.shop = baskets.shop
            and customers.first_order_id = baskets.order_id
),

counted as (
    select
        shop,
        currency,
        product_line,
        count(*) as customers,
        sum(case when orders > 1 then 1 else 0 end) as returned,
        sum(orders) as orders,
        sum(net_sales) as net_sales,
        sum(days) as days
    from first_lines
    group by shop, currency, product_line
),

measured as (
    select
        ----------  ids
        counted.shop,
        counted.currency,
        counted.product_line,
        product_lines.title,

        ----------  persons whose first order it was in
        counted.customers,
        cast(counted.returned as bigint) as returning_customers,
        {{ share('counted.returned', 'counted.customers') }} as repeat_rate,
        {{ money_per('counted.days', 'counted.returned') }} as average_days_to_second_order,

        ----------  all persons with a first order, to compare with
        totals.customers as all_customers,
        cast(totals.returned as bigint) as all_returning_customers,

        ----------  what they bought by now
        cast(counted.orders as bigint) as orders,
        cast(counted.net_sales as decimal(18, 4)) as net_sales,
        {{ money_per('counted.net_sales', 'counted.customers') }} as net_sales_per_customer
    from counted
    inner join totals using (shop, currency)
    left join product_lines
        on
            counted.shop = product_lines.shop
            and counted.product_line = product_lines.product_line
)

select * from measured

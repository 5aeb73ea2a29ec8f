with

orders as (
    select * from {{ ref('orders') }}
),

sales as (
    select * from {{ ref('int_sales_by_cohort') }}
),

shops as (
    select * from {{ ref('int_shops_with_today') }}
),

sizes as (
    select
        shop,
        {{ month_start('order_date') }} as cohort_month,
        count(*) as customers
    from orders
    where is_first_order and person_key is not null
    group by shop, {{ month_start('order_date') }}
),

-- every month of a cohort up to this one, though nobody came in it
lives as (
    select
        sales.shop,
        sales.currency,
        sales.cohort_month,
        max(sizes.customers) as customers,
        max(shops.today) as today,
        {{ numbers_up_to(
            'greatest(max(sales.months_since_first_order), max('
            ~ months_between_days('sales.cohort_month', 'shops.today') ~ '))'
        ) }} as ages
    from sales
    inner join sizes
        on
            sales.shop = sizes.shop
            and sales.cohort_month = sizes.cohort_month
    inner join shops on sales.shop = shops.shop
    group by sales.shop, sales.currency, sales.cohort_month
),

months as (
    select
        shop,
        currency,
        cohort_month,
        customers,
        today,
        {{ exploded('ages') }} as months_since_first_order
    from lives
    union all
    select distinct
        shop,
        currency,
        cohort_month,
        cast(null as bigint) as customers,
        cast(null as date) as today,
        months_since_first_order
    from sales
    where cohort_month is null
),

running as (
    select
        months.*,
        coalesce(sales.customers_who_ordered, 0) as customers_who_ordered,
        coalesce(sales.orders, 0) as orders,
        coalesce(sales.net_sales, 0) as net_sales,
        sum(coalesce(sales.net_sales, 0)) over (
            partition by months.shop, months.currency, months.cohort_month
            order by months.months_since_first_order
        ) as cumulative_net_sales
    from months
    left join sales
        on
            months.shop = sales.shop
            and months.currency = sales.currency
            and months.cohort_month is not distinct from sales.cohort_month
            and months.months_since_first_order is not distinct from sales.months_since_first_order
),

described as (
    select
        ----------  ids
        shop,
        currency,
        cohort_month,
        cast(months_since_first_order as bigint) as months_since_first_order,
        {{ months_later('cohort_month', 'cast(months_since_first_order as integer) + 1') }}
        <= today as is_complete,

        ----------  persons and orders
        customers,
        customers_who_ordered,
        {{ share('customers_who_ordered', 'customers') }} as retention,
        orders,

        ----------  money
        cast(net_sales as decimal(18, 4)) as net_sales,
        cast(cumulative_net_sales as decimal(18, 4)) as cumulative_net_sales,
        {{ money_per('cumulative_net_sales', 'customers') }} as cumulative_net_sales_per_customer
    from running
)

select * from described

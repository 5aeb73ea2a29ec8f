with

sales as (
    select * from {{ ref('sales') }}
    where sale_date is not null
),

orders as (
    select * from {{ ref('orders') }}
),

-- a cohort: the persons whose first order in the shop was processed in a month
first_months as (
    select
        shop,
        person_key,
        {{ month_start('order_date') }} as cohort_month
    from orders
    where is_first_order and person_key is not null
),

-- what happened before the first order, such as one that was cancelled, is of its month
events as (
    select
        sales.shop,
        sales.currency,
        first_months.cohort_month,
        orders.person_key,
        orders.order_id,
        case when first_months.cohort_month is not null then greatest(
            0, {{ months_between_days('first_months.cohort_month', 'sales.sale_date') }}
        ) end as months_since_first_order,
        case when sales.event = 'order' and orders.order_index is not null then 1 else 0 end
            as is_order,
        sales.net_sales
    from sales
    inner join orders
        on
            sales.shop = orders.shop
            and sales.order_id = orders.order_id
    left join first_months
        on
            orders.shop = first_months.shop
            and orders.person_key = first_months.person_key
),

summed as (
    select
        ----------  ids
        shop,
        currency,
        cohort_month,
        cast(months_since_first_order as bigint) as months_since_first_order,

        ----------  facts
        count(distinct case when is_order = 1 then person_key end) as customers_who_ordered,
        count(distinct case when is_order = 1 then order_id end) as orders,
        cast(sum(net_sales) as decimal(18, 4)) as net_sales
    from events
    group by shop, currency, cohort_month, months_since_first_order
)

select * from summed

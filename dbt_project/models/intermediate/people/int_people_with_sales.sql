with

orders as (
    select * from {{ ref('orders') }}
    where person_key is not null
),

home as (
    select * from {{ ref('int_home_currency') }}
),

in_home_currency as (
    select
        orders.*,
        case when orders.is_cancelled then 0 else 1 end as not_cancelled
    from orders
    inner join home on orders.currency = home.home_currency
),

placements as (
    select
        person_key,
        count(*) as orders_placed
    from orders
    group by person_key
),

totals as (
    select
        person_key,
        sum(net_sales) as net_sales,
        sum(total_sales) as total_sales,
        sum(all_sales) as total_spent,
        {{ money_per(
            'sum(not_cancelled * (ordered_gross_sales - ordered_discounts))',
            'sum(not_cancelled)'
        ) }} as average_order_value
    from in_home_currency
    group by person_key
),

joined as (
    select
        ----------  ids
        placements.person_key,

        ----------  facts
        placements.orders_placed,

        ----------  money, in the home currency
        coalesce(totals.net_sales, 0) as net_sales,
        coalesce(totals.total_sales, 0) as total_sales,
        cast(totals.total_spent as decimal(18, 4)) as total_spent,
        totals.average_order_value
    from placements
    left join totals on placements.person_key = totals.person_key
)

select * from joined

with

orders as (
    select
        *,
        case when is_cancelled then 0 else 1 end as not_cancelled
    from {{ ref('orders') }}
    where placed_date is not null
),

by_day as (
    select
        ----------  ids
        shop,
        placed_date as sale_date,
        currency,

        ----------  facts
        count(*) as orders,
        sum(not_cancelled) as orders_not_cancelled,
        count(distinct case when is_first_order then person_key end) as new_customers,
        count(distinct case when is_returning then person_key end) as returning_customers,

        ----------  money
        {{ money_per(
            'sum(not_cancelled * (ordered_gross_sales - ordered_discounts))',
            'sum(not_cancelled)'
        ) }} as average_order_value
    from orders
    group by shop, placed_date, currency
)

select * from by_day

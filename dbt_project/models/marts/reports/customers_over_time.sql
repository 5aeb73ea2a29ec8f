with

orders as (
    select * from {{ ref('orders') }}
),

days as (
    select * from {{ ref('int_report_days') }}
),

-- the day is that on which the order was processed: imported history is booked long after it
purchases as (
    select
        shop,
        currency,
        person_key,
        order_date as day,
        max(case when is_first_order then 1 else 0 end) as is_new,
        max(case when is_returning then 1 else 0 end) as is_returning
    from orders
    where order_index is not null and person_key is not null
    group by shop, currency, person_key, order_date
),

-- a person who comes twice counts once
persons as (
    select
        purchases.shop,
        purchases.currency,
        purchases.person_key,
        {{ period_columns('days') }},
        max(purchases.is_new) as is_new,
        max(purchases.is_returning) as is_returning
    from purchases
    inner join days
        on
            purchases.shop = days.shop
            and purchases.day = days.day
    group by purchases.shop, purchases.currency, purchases.person_key, {{ period_columns('days') }}
),

counted as (
    select
        ----------  ids
        shop,
        currency,
        {{ period_columns() }},

        ----------  distinct persons
        count(*) as customers,
        cast(sum(is_new) as bigint) as new_customers,
        cast(sum(is_returning) as bigint) as returning_customers,
        cast(sum(is_new * is_returning) as bigint) as new_and_returning_customers
    from persons
    group by shop, currency, {{ period_columns() }}
)

select * from counted

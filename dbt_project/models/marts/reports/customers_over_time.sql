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

-- a person who comes on two days counts once; most come on one alone
purchases_counted as (
    select
        *,
        count(*) over (partition by shop, currency, person_key) as days_of_person
    from purchases
),

daily as (
    select
        shop,
        currency,
        day,
        count(*) as customers,
        sum(is_new) as new_customers,
        sum(is_returning) as returning_customers,
        sum(is_new * is_returning) as new_and_returning_customers
    from purchases_counted
    where days_of_person = 1
    group by shop, currency, day
),

persons as (
    select
        several.shop,
        several.currency,
        several.person_key,
        {{ period_columns('days') }},
        max(several.is_new) as is_new,
        max(several.is_returning) as is_returning
    from purchases_counted as several
    inner join days
        on
            several.shop = days.shop
            and several.day = days.day
    where several.days_of_person > 1
    group by several.shop, several.currency, several.person_key, {{ period_columns('days') }}
),

spread as (
    select
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},
        daily.customers,
        daily.new_customers,
        daily.returning_customers,
        daily.new_and_returning_customers
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    union all
    select
        shop,
        currency,
        {{ period_columns() }},
        1 as customers,
        is_new as new_customers,
        is_returning as returning_customers,
        is_new * is_returning as new_and_returning_customers
    from persons
),

counted as (
    select
        ----------  ids
        shop,
        currency,
        {{ period_columns() }},

        ----------  distinct persons
        cast(sum(customers) as bigint) as customers,
        cast(sum(new_customers) as bigint) as new_customers,
        cast(sum(returning_customers) as bigint) as returning_customers,
        cast(sum(new_and_returning_customers) as bigint) as new_and_returning_customers
    from spread
    group by shop, currency, {{ period_columns() }}
)

select * from counted

with

orders as (
    select * from {{ ref('orders') }}
    where person_key is not null
),

home as (
    select * from {{ ref('int_home_currency') }}
),

counted as (
    select
        orders.person_key,
        orders.shop,
        orders.order_id,
        orders.order_name,
        orders.processed_at,
        orders.order_date,
        case when orders.currency = home.home_currency then orders.amount end as home_amount,
        -- an order without a date is neither the first nor the last
        case
            when orders.processed_at is not null
                then row_number() over (
                    partition by orders.person_key, orders.processed_at is null
                    order by orders.processed_at, orders.shop, {{ id_order('orders.order_id') }}
                )
        end as nth
    from orders
    cross join home
    where not orders.is_cancelled
),

numbered as (
    select
        counted.*,
        lag(processed_at) over (partition by person_key order by nth) as previous_order_at,
        nth = max(nth) over (partition by person_key) as is_last
    from counted
),

histories as (
    select
        person_key,
        count(*) as orders,
        min(processed_at) as first_order_at,
        max(case when nth = 1 then order_name end) as first_order_name,
        max(case when nth = 1 then home_amount end) as first_order_value,
        max(processed_at) as last_order_at,
        max(order_date) as last_order_date,
        max(case when is_last then shop end) as last_order_shop,
        max(case when is_last then order_id end) as last_order_id,
        max(case when is_last then order_name end) as last_order_name,
        max(case when is_last then home_amount end) as last_order_value,
        cast(
            median({{ seconds_between('previous_order_at', 'processed_at') }}) / 86400
            as decimal(18, 4)
        ) as median_days_between_orders
    from numbered
    group by person_key
),

-- a cancelled order tells where its buyer came from like any other
ranked_sources as (
    select
        *,
        row_number() over (
            partition by person_key
            order by processed_at nulls last, shop, {{ id_order('order_id') }}
        ) as nth
    from orders
    where coalesce(first_source_1, first_source_2) is not null
),

sources as (
    select * from ranked_sources
    where nth = 1
),

with_orders as (
    select
        ----------  ids
        person_key,

        ----------  orders that are not cancelled
        histories.orders,
        histories.first_order_at,
        histories.first_order_name,
        histories.first_order_value,
        histories.last_order_at,
        histories.last_order_date,
        histories.last_order_shop,
        histories.last_order_id,
        histories.last_order_name,
        histories.last_order_value,
        histories.median_days_between_orders,

        ----------  where the person came from
        sources.first_source_1,
        sources.first_source_2
    from histories
    full outer join sources using (person_key)
)

select * from with_orders

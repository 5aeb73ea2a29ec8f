with

outcomes as (
    select * from {{ ref('int_checkouts_with_outcome') }}
    where checkout_state = 'abandoned'
),

checkout_people as (
    select * from {{ ref('int_checkouts_with_person') }}
    where person_key is not null
),

orders as (
    select * from {{ ref('int_orders_in_scope') }}
    where cancelled_at is null and processed_at is not null
),

order_people as (
    select * from {{ ref('int_orders_with_person') }}
    where person_key is not null
),

checkout_orders as (
    select * from {{ ref('int_checkouts_with_order') }}
    where checkout_rank = 1
),

abandoned as (
    select
        shop,
        checkout_id,
        outcomes.abandoned_at,
        checkout_people.person_key
    from outcomes
    inner join checkout_people using (shop, checkout_id)
),

other_orders as (
    select
        shop,
        order_id,
        orders.processed_at,
        order_people.person_key,
        row_number() over (
            partition by shop, order_people.person_key
            order by orders.processed_at, {{ id_order('order_id') }}
        ) as nth
    from orders
    inner join order_people using (shop, order_id)
    left join checkout_orders using (shop, order_id)
    where checkout_orders.checkout_id is null
),

moments as (
    select
        shop,
        person_key,
        abandoned_at as moment,
        0 as is_order,
        checkout_id
    from abandoned
    union all
    select
        shop,
        person_key,
        processed_at as moment,
        1 as is_order,
        cast(null as string) as checkout_id
    from other_orders
),

-- counted along one line of time, not joined by it: a person may have thousands of both
counted as (
    select
        *,
        sum(is_order) over (
            partition by shop, person_key
            order by moment, is_order
            rows between unbounded preceding and current row
        ) as orders_before
    from moments
),

recovered_elsewhere as (
    select
        ----------  ids
        counted.shop,
        counted.checkout_id,
        other_orders.order_id,

        ----------  timestamps
        other_orders.processed_at as recovered_at
    from counted
    inner join other_orders
        on
            counted.shop = other_orders.shop
            and counted.person_key = other_orders.person_key
            and counted.orders_before + 1 = other_orders.nth
    where counted.checkout_id is not null
)

select * from recovered_elsewhere

with

outcomes as (
    select * from {{ ref('int_checkouts_with_outcome') }}
    where checkout_state <> 'completed'
),

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

checkout_people as (
    select * from {{ ref('int_checkouts_with_person') }}
    where person_key is not null
),

orders as (
    select * from {{ ref('int_orders_in_scope') }}
    where cancelled_at is null and not is_test
),

order_people as (
    select * from {{ ref('int_orders_with_person') }}
    where person_key is not null
),

moments as (
    select
        shop,
        checkout_people.person_key,
        checkouts.created_at as moment,
        0 as is_order,
        checkout_id
    from outcomes
    inner join checkouts using (shop, checkout_id)
    inner join checkout_people using (shop, checkout_id)
    union all
    select
        shop,
        order_people.person_key,
        orders.processed_at as moment,
        1 as is_order,
        cast(null as string) as checkout_id
    from orders
    inner join order_people using (shop, order_id)
),

-- looked for along one line of time, not joined: a person may have thousands of both
looked_ahead as (
    select
        *,
        min(case when is_order = 1 then moment end) over (
            partition by shop, person_key
            order by moment, is_order
            rows between current row and unbounded following
        ) as bought_at
    from moments
),

with_purchase as (
    select
        ----------  ids
        shop,
        checkout_id,

        ----------  timestamps
        bought_at
    from looked_ahead
    where checkout_id is not null and bought_at is not null
)

select * from with_purchase

with

orders as (
    select * from {{ ref('orders') }}
    where person_key is not null and processed_at is not null and not is_cancelled
),

-- up to the person's next order in any shop
followed as (
    select
        ----------  ids
        shop,
        order_id,
        customer_id,
        person_key,

        ----------  facts
        currency,

        ----------  timestamps
        processed_at,
        {{ hours_later('processed_at', var('re_engagement_days') * 24) }} as due_at,
        lead(processed_at) over (
            partition by person_key
            order by processed_at, shop, {{ id_order('order_id') }}
        ) as next_order_at
    from orders
),

long_enough as (
    select * from followed
    where next_order_at is null or next_order_at > due_at
)

select * from long_enough

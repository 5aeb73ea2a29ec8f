with

orders as (
    select * from {{ ref('orders') }}
    where person_key is not null and coalesce(first_source_1, first_source_2) is not null
),

numbered as (
    select
        *,
        row_number() over (
            partition by person_key
            order by processed_at nulls last, shop, {{ id_order('order_id') }}
        ) as nth
    from orders
),

first_known as (
    select
        ----------  ids
        person_key,

        ----------  facts
        first_source_1,
        first_source_2
    from numbered
    where nth = 1
)

select * from first_known

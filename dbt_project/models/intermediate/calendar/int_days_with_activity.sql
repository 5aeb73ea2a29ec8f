with

sales as (
    select * from {{ ref('sales') }}
),

orders as (
    select * from {{ ref('orders') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
),

enrolments as (
    select * from {{ ref('int_enrolments_with_purchase') }}
),

days as (
    select
        shop,
        sale_date as day
    from sales
    union
    select
        shop,
        placed_date as day
    from orders
    union
    select
        shop,
        order_date as day
    from orders
    union
    select
        shop,
        created_date as day
    from checkouts
    union
    select
        shop,
        entered_date as day
    from enrolments
),

known_days as (
    select * from days
    where day is not null
)

select * from known_days

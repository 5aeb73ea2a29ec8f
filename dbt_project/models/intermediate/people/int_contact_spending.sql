with

orders as (
    select * from {{ ref('orders') }}
),

home as (
    select * from {{ ref('int_home_currency') }}
),

per_person as (
    select
        ----------  ids
        orders.person_key,

        ----------  money, in the home currency
        cast(sum(orders.all_sales) as decimal(18, 4)) as total_spent
    from orders
    inner join home on orders.currency = home.home_currency
    where orders.person_key is not null
    group by orders.person_key
)

select * from per_person

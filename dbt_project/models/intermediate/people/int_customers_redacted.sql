with

customers as (
    select
        *,
        {{ non_blank('email_found') }} as some_email,
        coalesce(
            {{ non_blank('first_name') }}, {{ non_blank('last_name') }}
        ) as some_name
    from {{ ref('stg_shopify__customers') }}
),

people as (
    select * from {{ ref('int_customers_with_person') }}
),

-- where Shopify shows an app nobody's name or e-mail, a blank says nothing of a person
shops_that_show_people as (
    select shop
    from customers
    group by shop
    having count(some_email) > 0 and count(some_name) > 0
),

redacted as (
    select
        ----------  ids
        customers.shop,
        customers.customer_id,
        people.person_key
    from customers
    inner join shops_that_show_people on customers.shop = shops_that_show_people.shop
    inner join people
        on
            customers.shop = people.shop
            and customers.customer_id = people.customer_id
    -- a customer is created with at least one of these
    where
        customers.some_email is null
        and customers.some_name is null
        and {{ non_blank('customers.phone') }} is null
        and {{ non_blank('customers.address1') }} is null
)

select * from redacted

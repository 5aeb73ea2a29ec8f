with

customers as (
    select * from {{ ref('int_customers_redacted') }}
),

redacted as (
    select
        ----------  ids
        shop,
        customer_id,
        'customer ' || customer_id as record
    from customers
)

select * from redacted

with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

in_scope as (
    select *
    from orders
    where
        deleted_at is null
        {% if not var('include_test_orders') %}
        and not is_test
        {% endif %}
)

select * from in_scope

with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

gone as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  facts
        case
            when deleted_at is not null then 'order deleted'
            else 'test order'
        end as reason,
        deleted_at
    from orders
    where
        deleted_at is not null
        {% if not var('include_test_orders') -%}
        or is_test
        {%- endif %}
)

select * from gone

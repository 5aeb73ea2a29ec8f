with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

undated as (
    select * from {{ ref('int_orders_with_impossible_dates') }}
    where is_undated
),

with_undated as (
    select
        orders.*,
        undated.order_id is not null as is_undated
    from orders
    left join undated
        on
            orders.shop = undated.shop
            and orders.order_id = undated.order_id
),

living as (
    select
        {{ columns_replaced({
            'created_at': possible('created_at'),
            'processed_at': 'case when not is_undated then processed_at end',
            'updated_at': possible('updated_at'),
            'closed_at': possible('closed_at'),
        }) }}
    from with_undated
    where
        deleted_at is null
        {% if not var('include_test_orders') %}
        and not is_test
        {% endif %}
)

select * from living

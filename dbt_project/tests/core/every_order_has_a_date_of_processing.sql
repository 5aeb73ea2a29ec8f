{{ config(
    severity='warn',
    meta={
        'one': '1 order has no date of processing',
        'many': '{} orders have no date of processing'
    }
) }}

-- Only a quarantined order has no date of processing: it is told with its impossible date.
with

orders as (
    select * from {{ ref('orders') }}
    where processed_at is null
),

quarantined as (
    select * from {{ ref('int_quarantined_orders') }}
),

without_date as (
    select
        orders.shop,
        orders.order_id,
        orders.order_name
    from orders
    left join quarantined
        on
            orders.shop = quarantined.shop
            and orders.order_id = quarantined.order_id
    where quarantined.order_id is null
)

select * from without_date

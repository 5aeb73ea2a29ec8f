{#
    Warns, and keeps the orders that it names: sales count on the day of their agreement, new
    and returning customers on that of the processing, so that such an order is in two periods.
#}
{{ config(
    severity='warn', store_failures=true, schema='checks',
    meta={
        'one': '1 order was booked more than a day after it was processed',
        'many': '{} orders were booked more than a day after they were processed'
    }
) }}

-- No order was booked more than a day after it was processed, as imported history is.
with

orders as (
    select * from {{ ref('orders') }}
),

imported as (
    select
        shop,
        order_name as record,
        'processed on ' || order_date || ', booked on ' || placed_date as detail
    from orders
    where placed_date > {{ hours_later('order_date', 24) }}
)

select * from imported

{# Warns: money may still be on its way, and cash is rounded. #}
{{ config(
    severity='warn',
    meta={
        'one': '1 refund gave back another amount than its sales took back',
        'many': '{} refunds gave back another amount than their sales took back'
    }
) }}

-- Per refund of an order whose whole price was received, the money that went back is what the
-- sales of its agreement took back, adjustments included; or less, where the order has given
-- back all that it received.
with

refunds as (
    select
        refunds.shop,
        refunds.refund_id,
        refunds.total_refunded,
        orders.total_refunded >= orders.total_received as is_all_given_back,
        agreements.agreement_type,
        agreements.agreement_id
    from {{ ref('stg_shopify__refunds') }} as refunds
    inner join {{ ref('stg_shopify__order_agreements') }} as agreements using (shop, refund_id)
    inner join {{ ref('int_orders_in_scope') }} as orders
        on
            refunds.shop = orders.shop
            and refunds.order_id = orders.order_id
    where orders.total_received >= orders.order_total
),

sales as (
    select
        shop,
        agreement_type,
        agreement_id,
        sum(total_amount) as taken_back
    from {{ ref('int_sales_with_amounts') }}
    group by shop, agreement_type, agreement_id
),

compared as (
    select
        refunds.shop,
        refunds.refund_id,
        refunds.total_refunded,
        sales.taken_back
    from refunds
    inner join sales using (shop, agreement_type, agreement_id)
    where
        refunds.total_refunded > -sales.taken_back
        or (refunds.total_refunded < -sales.taken_back and not refunds.is_all_given_back)
)

select * from compared

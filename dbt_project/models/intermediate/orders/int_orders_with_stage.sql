with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

staged as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  facts
        case
            when
                cancelled_at is not null
                or financial_status in ('VOIDED', 'REFUNDED')
                then 'cancelled'
            when fulfillment_status = 'FULFILLED'
                then 'shipped'
            when financial_status in ('PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED')
                then 'processed'
            when financial_status in ('PENDING', 'AUTHORIZED', 'EXPIRED')
                then 'checkout_completed'
            -- a status that is unknown or missing: what has been paid decides
            when is_fully_paid or total_received > 0
                then 'processed'
            else 'checkout_completed'
        end as deal_stage
    from orders
)

select * from staged

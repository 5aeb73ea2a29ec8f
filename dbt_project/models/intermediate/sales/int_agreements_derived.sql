with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

refunds as (
    select * from {{ ref('stg_shopify__refunds') }}
),

derived as (
    select
        ----------  ids
        shop,
        'OrderAgreement' as agreement_type,
        'derived-' || order_id as agreement_id,
        order_id,

        ----------  timestamps
        placed_at as happened_at
    from orders
    union all
    -- what was changed on a day that nobody knows
    select
        shop,
        'OrderEditAgreement' as agreement_type,
        'derived-' || order_id as agreement_id,
        order_id,
        placed_at as happened_at
    from orders
    union all
    select
        shop,
        'ReturnAgreement' as agreement_type,
        'derived-' || order_id as agreement_id,
        order_id,
        cancelled_at as happened_at
    from orders
    where cancelled_at is not null
    union all
    select
        refunds.shop,
        'RefundAgreement' as agreement_type,
        'derived-' || refunds.refund_id as agreement_id,
        refunds.order_id,
        coalesce(refunds.processed_at, refunds.created_at) as happened_at
    from refunds
    inner join orders
        on
            refunds.shop = orders.shop
            and refunds.order_id = orders.order_id
)

select * from derived

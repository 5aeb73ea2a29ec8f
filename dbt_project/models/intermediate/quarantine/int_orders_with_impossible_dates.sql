{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

agreements as (
    select * from {{ ref('stg_shopify__order_agreements') }}
),

transactions as (
    select * from {{ ref('stg_shopify__order_transactions') }}
),

refunds as (
    select * from {{ ref('stg_shopify__refunds') }}
),

refund_transactions as (
    select
        refund_transactions.shop,
        refunds.order_id,
        refund_transactions.processed_at
    from {{ ref('stg_shopify__refund_transactions') }} as refund_transactions
    inner join refunds using (shop, refund_id)
),

dates as (
    {{ impossible_dates('orders', ['shop', 'order_id'], {
        'processed_at': 'processedAt', 'created_at': 'createdAt', 'updated_at': 'updatedAt',
        'closed_at': 'closedAt', 'cancelled_at': 'cancelledAt',
    }) }}
    union all
    {{ impossible_dates('agreements', ['shop', 'order_id'], {
        'happened_at': 'agreements.happenedAt',
    }) }}
    union all
    {{ impossible_dates('transactions', ['shop', 'order_id'], {
        'created_at': 'transactions.createdAt', 'processed_at': 'transactions.processedAt',
    }) }}
    union all
    {{ impossible_dates('refunds', ['shop', 'order_id'], {
        'created_at': 'refunds.createdAt', 'processed_at': 'refunds.processedAt',
        'updated_at': 'refunds.updatedAt',
    }) }}
    union all
    {{ impossible_dates('refund_transactions', ['shop', 'order_id'], {
        'processed_at': 'refunds.transactions.processedAt',
    }) }}
),

ranked as (
    select
        *,
        case when field in ('processedAt', 'createdAt', 'agreements.happenedAt') then 0 else 1 end
            as place,
        -- when it was processed is told rather than when it was created
        case when field = 'processedAt' then 0 else 1 end as place_among
    from dates
),

per_order as (
    select
        shop,
        order_id,
        place,
        detail,
        row_number() over (
            partition by shop, order_id
            order by place, place_among, detail
        ) as nth
    from ranked
),

with_impossible_dates as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  facts
        -- these dates say on which day the order was placed or changed; the others say no day
        place = 0 as is_undated,
        detail
    from per_order
    where nth = 1
)

select * from with_impossible_dates

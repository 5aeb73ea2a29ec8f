{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

agreements as (
    select * from {{ ref('stg_shopify__order_agreements') }}
),

without_agreements as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  facts
        edited,
        coalesce(taxes_included, false) as taxes_included,

        ----------  money
        currency,
        original_total,
        order_total,
        coalesce(total_tax, 0) as total_tax,
        -- Shopify's total leaves out what refunds gave beyond or below what was due
        current_total + coalesce(refund_discrepancy, 0) as all_sales,
        coalesce(current_taxes, 0) as current_taxes,

        ----------  timestamps
        coalesce(processed_at, created_at) as placed_at,
        cancelled_at
    from orders
    where not exists (
        select 1
        from agreements
        where
            agreements.shop = orders.shop
            and agreements.order_id = orders.order_id
    )
)

select * from without_agreements

{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

refunds as (
    select * from {{ ref('stg_shopify__refunds') }}
),

refund_lines as (
    select * from {{ ref('stg_shopify__refund_line_items') }}
),

line_amounts as (
    select * from {{ ref('int_sales_derived_line_amounts') }}
),

shipping_lines as (
    select * from {{ ref('stg_shopify__refund_shipping_lines') }}
),

adjustments as (
    select * from {{ ref('stg_shopify__order_adjustments') }}
),

parts as (
    select
        shop,
        refund_id,
        'derived-refund-line-' || refund_line_id as sale_id,
        order_line_id,
        'PRODUCT' as line_type,
        -quantity as quantity,
        -subtotal as amount,
        -tax as tax_amount
    from refund_lines
    union all
    select
        shop,
        refund_id,
        'derived-refund-shipping-' || refund_shipping_line_id as sale_id,
        cast(null as string) as order_line_id,
        'SHIPPING' as line_type,
        cast(null as bigint) as quantity,
        -subtotal as amount,
        -tax as tax_amount
    from shipping_lines
    union all
    select
        shop,
        refund_id,
        'derived-refund-duties-' || refund_id as sale_id,
        cast(null as string) as order_line_id,
        'DUTY' as line_type,
        cast(null as bigint) as quantity,
        -refunded_duties as amount,
        0 as tax_amount
    from refunds
    where refunded_duties <> 0
    union all
    select
        shop,
        refund_id,
        'derived-adjustment-' || order_adjustment_id as sale_id,
        cast(null as string) as order_line_id,
        'ADJUSTMENT' as line_type,
        cast(null as bigint) as quantity,
        amount,
        tax as tax_amount
    from adjustments
),

dated as (
    select
        ----------  ids
        shop,
        order_id,
        parts.sale_id,
        'RefundAgreement' as agreement_type,
        'derived-' || refund_id as agreement_id,
        order_line_id,

        ----------  facts
        'RETURN' as action_type,
        coalesce(line_amounts.line_type, parts.line_type) as line_type,
        parts.quantity,

        ----------  money, in the shop's currency
        orders.currency,
        -- the subtotal of shipping is without tax, whether prices include it or not
        parts.amount
        + case
            when orders.taxes_included and parts.line_type = 'PRODUCT' then 0
            else parts.tax_amount
        end as total_amount,
        cast(0 as decimal(18, 4)) as discount_amount,
        parts.tax_amount
    from parts
    inner join refunds using (shop, refund_id)
    inner join orders using (shop, order_id)
    left join line_amounts using (shop, order_id, order_line_id)
)

select * from dated

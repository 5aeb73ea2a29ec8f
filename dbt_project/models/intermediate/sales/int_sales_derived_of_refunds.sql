{{ config(materialized='table') }}

with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

refunds as (
    select
        refunds.*,
        orders.taxes_included,
        orders.currency as shop_currency
    from {{ ref('stg_shopify__refunds') }} as refunds
    inner join orders using (shop, order_id)
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

given_back as (
    select
        refunds.*,
        'derived-refund-line-' || refund_lines.refund_line_id as sale_id,
        refund_lines.order_line_id,
        coalesce(line_amounts.line_type, 'PRODUCT') as line_type,
        -refund_lines.quantity as quantity,
        -refund_lines.subtotal
        - case when refunds.taxes_included then 0 else refund_lines.tax end as total_amount,
        -refund_lines.tax as tax_amount
    from refund_lines
    inner join refunds using (shop, refund_id)
    left join line_amounts using (shop, order_id, order_line_id)
    union all
    -- the subtotal of shipping is without tax, whether prices include it or not
    select
        refunds.*,
        'derived-refund-shipping-' || shipping_lines.refund_shipping_line_id as sale_id,
        null as order_line_id,
        'SHIPPING' as line_type,
        null as quantity,
        -shipping_lines.subtotal - shipping_lines.tax as total_amount,
        -shipping_lines.tax as tax_amount
    from shipping_lines
    inner join refunds using (shop, refund_id)
    union all
    select
        refunds.*,
        'derived-refund-duties-' || refunds.refund_id as sale_id,
        null as order_line_id,
        'DUTY' as line_type,
        null as quantity,
        -refunds.refunded_duties as total_amount,
        0 as tax_amount
    from refunds
    where refunds.refunded_duties <> 0
    union all
    select
        refunds.*,
        'derived-adjustment-' || adjustments.order_adjustment_id as sale_id,
        null as order_line_id,
        'ADJUSTMENT' as line_type,
        null as quantity,
        adjustments.amount + adjustments.tax as total_amount,
        adjustments.tax as tax_amount
    from adjustments
    inner join refunds using (shop, refund_id)
),

dated as (
    select
        ----------  ids
        shop,
        order_id,
        sale_id,
        'RefundAgreement' as agreement_type,
        'derived-' || refund_id as agreement_id,
        order_line_id,

        ----------  facts
        'RETURN' as action_type,
        line_type,
        quantity,

        ----------  money, in the shop's currency
        shop_currency as currency,
        total_amount,
        cast(0 as decimal(18, 4)) as discount_amount,
        tax_amount
    from given_back
)

select * from dated

with

refunds as (
    select * from {{ ref('int_refunds_with_agreement') }}
),

said as (
    select
        ----------  ids
        refunds.shop,
        refunds.order_id,
        refunds.refund_id,
        'goods' as kind,

        ----------  money
        -refund_lines.subtotal
        - case when refunds.taxes_included then 0 else refund_lines.tax end as total_amount,
        -refund_lines.tax as tax_amount
    from {{ ref('stg_shopify__refund_line_items') }} as refund_lines
    inner join refunds using (shop, refund_id)
    union all
    select
        refunds.shop,
        refunds.order_id,
        refunds.refund_id,
        'shipping' as kind,
        -shipping_lines.subtotal - shipping_lines.tax as total_amount,
        -shipping_lines.tax as tax_amount
    from {{ ref('stg_shopify__refund_shipping_lines') }} as shipping_lines
    inner join refunds using (shop, refund_id)
    union all
    select
        refunds.shop,
        refunds.order_id,
        refunds.refund_id,
        'adjustment' as kind,
        adjustments.amount + adjustments.tax as total_amount,
        adjustments.tax as tax_amount
    from {{ ref('stg_shopify__order_adjustments') }} as adjustments
    inner join refunds using (shop, refund_id)
    union all
    select
        shop,
        order_id,
        refund_id,
        'duty' as kind,
        -refunded_duties as total_amount,
        0 as tax_amount
    from refunds
)

select * from said

-- Per refund and kind, the sales of its agreement are what the refund says: its lines with their
-- tax, its shipping, its duties and its adjustments. Fees are in the agreement alone. An order
-- with a return of its own is left out: what the return took back is in the return's agreement.
with

returns as (
    select distinct
        shop,
        order_id
    from {{ ref('stg_shopify__order_agreements') }}
    where agreement_type = 'ReturnAgreement'
),

refunds as (
    select
        refunds.shop,
        refunds.refund_id,
        refunds.refunded_duties,
        orders.taxes_included,
        agreements.agreement_type,
        agreements.agreement_id
    from {{ ref('stg_shopify__refunds') }} as refunds
    inner join {{ ref('stg_shopify__order_agreements') }} as agreements using (shop, refund_id)
    inner join {{ ref('int_agreements_with_day') }} as counted
        on
            agreements.shop = counted.shop
            and agreements.agreement_type = counted.agreement_type
            and agreements.agreement_id = counted.agreement_id
    inner join {{ ref('orders') }} as orders
        on
            refunds.shop = orders.shop
            and refunds.order_id = orders.order_id
    left join returns
        on
            refunds.shop = returns.shop
            and refunds.order_id = returns.order_id
    where returns.order_id is null
),

said as (
    select
        refunds.shop,
        refunds.refund_id,
        'goods' as kind,
        -refund_lines.subtotal
        - case when refunds.taxes_included then 0 else refund_lines.tax end as total_amount,
        -refund_lines.tax as tax_amount
    from {{ ref('stg_shopify__refund_line_items') }} as refund_lines
    inner join refunds using (shop, refund_id)
    union all
    select
        refunds.shop,
        refunds.refund_id,
        'shipping' as kind,
        -shipping_lines.subtotal - shipping_lines.tax as total_amount,
        -shipping_lines.tax as tax_amount
    from {{ ref('stg_shopify__refund_shipping_lines') }} as shipping_lines
    inner join refunds using (shop, refund_id)
    union all
    select
        refunds.shop,
        refunds.refund_id,
        'adjustment' as kind,
        adjustments.amount + adjustments.tax as total_amount,
        adjustments.tax as tax_amount
    from {{ ref('stg_shopify__order_adjustments') }} as adjustments
    inner join refunds using (shop, refund_id)
    union all
    select
        shop,
        refund_id,
        'duty' as kind,
        -refunded_duties as total_amount,
        0 as tax_amount
    from refunds
),

entered as (
    select
        refunds.shop,
        refunds.refund_id,
        case
            when sales.line_type in ('product', 'gift_card', 'tip') then 'goods'
            else sales.line_type
        end as kind,
        sales.total_amount,
        sales.tax_amount
    from {{ ref('sales') }} as sales
    inner join {{ ref('int_sales_with_amounts') }} as agreed using (shop, sale_id)
    inner join refunds
        on
            agreed.shop = refunds.shop
            and agreed.agreement_type = refunds.agreement_type
            and agreed.agreement_id = refunds.agreement_id
    where sales.line_type not in ('fee', 'unknown')
),

differences as (
    select
        *,
        1 as sign
    from said
    union all
    select
        *,
        -1 as sign
    from entered
),

summed as (
    select
        shop,
        refund_id,
        kind,
        sum(sign * total_amount) as total_difference,
        sum(sign * tax_amount) as tax_difference
    from differences
    group by shop, refund_id, kind
    having sum(sign * total_amount) <> 0 or sum(sign * tax_amount) <> 0
)

select * from summed

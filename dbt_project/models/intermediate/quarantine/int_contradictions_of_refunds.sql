-- Per refund and kind, the sales of its agreement are what the refund says: its lines with their
-- tax, its shipping, its duties and its adjustments. Fees are in the agreement alone. An order
-- with a return of its own is left out: what the return took back is in the return's agreement.
with

refunds as (
    select * from {{ ref('int_refunds_with_agreement') }}
),

said as (
    {#- kind of sales -> where the refund says it, its amount and its tax -#}
    {%- set parts = {
        'goods': (
            'stg_shopify__refund_line_items',
            '-part.subtotal - case when refunds.taxes_included then 0 else part.tax end',
            '-part.tax',
        ),
        'shipping': (
            'stg_shopify__refund_shipping_lines', '-part.subtotal - part.tax', '-part.tax',
        ),
        'adjustment': (
            'stg_shopify__order_adjustments', 'part.amount + part.tax', 'part.tax',
        ),
    } %}
    {% for kind, (model, amount, tax) in parts.items() %}
    select
        shop,
        refunds.order_id,
        refund_id,
        '{{ kind }}' as kind,
        {{ amount }} as total_amount,
        {{ tax }} as tax_amount
    from {{ ref(model) }} as part
    inner join refunds using (shop, refund_id)
    union all
    {% endfor %}
    select
        shop,
        order_id,
        refund_id,
        'duty' as kind,
        -refunded_duties as total_amount,
        0 as tax_amount
    from refunds
),

entered as (
    select
        refunds.shop,
        refunds.order_id,
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

both_sides as (
    select
        *,
        1 as is_said
    from said
    union all
    select
        *,
        0 as is_said
    from entered
),

compared as (
    select
        shop,
        order_id,
        refund_id,
        kind,
        sum(is_said * total_amount) as said,
        sum(is_said * tax_amount) as said_tax,
        sum((1 - is_said) * total_amount) as sold,
        sum((1 - is_said) * tax_amount) as taxed
    from both_sides
    group by shop, order_id, refund_id, kind
),

contradictions as (
    select
        shop,
        order_id,
        1 as place,
        'the sales of its refund ' || refund_id || ' (' || kind || ') sum to '
        || {{ money_text('sold') }} || ' with a tax of ' || {{ money_text('taxed') }}
        || ', the refund itself says ' || {{ money_text('said') }} || ' with a tax of '
        || {{ money_text('said_tax') }} as detail
    from compared
    where said <> sold or said_tax <> taxed
)

select * from contradictions

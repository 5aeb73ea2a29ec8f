{#
    docs/reference/metrics.md#the-ledger. A product sale whose action is unknown is a
    return where its amount is negative. A line type that is unknown is a fee, so that the
    columns still add up to what Shopify says.
#}
with

shopify_sales as (
    select * from {{ ref('stg_shopify__sales') }}
),

derived_sales as (
    select * from {{ ref('int_sales_derived') }}
),

every_sale as (
    {% for sales in ['shopify_sales', 'derived_sales'] %}
    select
        shop,
        sale_id,
        agreement_type,
        agreement_id,
        order_line_id,
        action_type,
        line_type,
        quantity,
        currency,
        total_amount,
        discount_amount,
        tax_amount
    from {{ sales }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

sales as (
    select
        *,
        total_amount - tax_amount as net_amount,
        case
            when line_type in ('PRODUCT', 'GIFT_CARD', 'SHIPPING', 'TIP', 'DUTY', 'ADJUSTMENT')
                then lower(line_type)
            when line_type in ('FEE', 'ADDITIONAL_FEE') then 'fee'
            else 'unknown'
        end as kind,
        case
            when action_type = 'RETURN' then true
            when action_type in ('ORDER', 'UPDATE') then false
            else total_amount < 0
        end as is_return
    from every_sale
),

judged as (
    select
        *,
        kind = 'product' and not is_return as is_product_sold,
        kind = 'product' and is_return as is_product_back
    from sales
),

split as (
    select
        ----------  ids
        shop,
        sale_id,
        agreement_type,
        agreement_id,
        order_line_id,

        ----------  facts
        kind as line_type,
        quantity,

        ----------  money
        currency,
        total_amount,
        tax_amount,
        case when is_product_sold then net_amount + discount_amount else 0 end as gross_sales,
        case when is_product_sold then discount_amount else 0 end as discounts,
        case when is_product_back or kind = 'adjustment' then -net_amount else 0 end as returns,
        case when kind = 'shipping' then net_amount else 0 end as shipping,
        case when kind in ('gift_card', 'tip') then 0 else tax_amount end as taxes,
        case when kind = 'duty' then net_amount else 0 end as duties,
        case when kind in ('fee', 'unknown') then net_amount else 0 end as fees,
        case when kind = 'gift_card' then net_amount else 0 end as gift_card_sales,
        case when kind = 'tip' then net_amount else 0 end as tips
    from judged
)

select * from split

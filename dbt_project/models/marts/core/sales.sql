with

sales as (
    select * from {{ ref('int_sales_with_amounts') }}
),

agreements as (
    select * from {{ ref('int_agreements_with_day') }}
),

order_lines as (
    select * from {{ ref('stg_shopify__order_line_items') }}
),

summed as (
    select
        *,
        gross_sales - discounts - returns as net_sales,
        gross_sales - discounts - returns + shipping + taxes + duties + fees
            as total_sales
    from sales
),

dated as (
    select
        ----------  ids
        summed.shop,
        summed.sale_id,
        agreements.order_id,
        summed.order_line_id,
        order_lines.product_id,
        order_lines.variant_id,

        ----------  facts
        agreements.happened_at,
        agreements.sale_date,
        agreements.event,
        summed.line_type,
        summed.quantity,

        ----------  money, in the shop's currency
        cast(summed.gross_sales as decimal(18, 4)) as gross_sales,
        cast(summed.discounts as decimal(18, 4)) as discounts,
        cast(summed.returns as decimal(18, 4)) as returns,
        cast(summed.net_sales as decimal(18, 4)) as net_sales,
        cast(summed.shipping as decimal(18, 4)) as shipping,
        cast(summed.taxes as decimal(18, 4)) as taxes,
        cast(summed.duties as decimal(18, 4)) as duties,
        cast(summed.fees as decimal(18, 4)) as fees,
        cast(summed.total_sales as decimal(18, 4)) as total_sales,
        cast(summed.gift_card_sales as decimal(18, 4)) as gift_card_sales,
        cast(summed.tips as decimal(18, 4)) as tips,
        cast(
            summed.total_sales + summed.gift_card_sales + summed.tips as decimal(18, 4)
        ) as all_sales,
        summed.currency,
        cast(summed.total_amount as decimal(18, 4)) as total_amount,
        cast(summed.tax_amount as decimal(18, 4)) as tax_amount
    from summed
    inner join agreements
        on
            summed.shop = agreements.shop
            and summed.agreement_type = agreements.agreement_type
            and summed.agreement_id = agreements.agreement_id
    left join order_lines
        on
            summed.shop = order_lines.shop
            and summed.order_line_id = order_lines.order_line_id
)

select * from dated

{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

order_charges as (
    select * from {{ ref('stg_shopify__order_charges') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

order_lines as (
    select
        *,
        -- Shopify's total leaves order-level discounts out; the allocations hold all of them
        greatest(allocated_discount, coalesce(own_discount, 0)) as discount
    from {{ ref('stg_shopify__order_line_items') }}
),

line_taxes as (
    select * from {{ ref('stg_shopify__order_line_taxes') }}
),

tax_lists as (
    select
        shop,
        line_taxes.order_line_id,
        line_taxes.tax_lines
    from line_taxes
    inner join orders using (shop, order_id)
),

exploded_taxes as (
    select
        shop,
        order_line_id,
        {{ exploded('tax_lines') }} as tax_line
    from tax_lists
),

rates as (
    select
        shop,
        order_line_id,
        sum({{ to_rate('tax_line.rate') }}) as tax_rate
    from exploded_taxes
    group by shop, order_line_id
),

priced as (
    select
        ----------  ids
        shop,
        order_id,
        order_line_id,

        ----------  facts
        case
            when order_lines.is_gift_card then 'GIFT_CARD'
            when
                order_lines.product_id is null
                and not coalesce(order_lines.requires_shipping, false)
                and order_lines.line_tax = 0
                and (
                    order_lines.title = 'Tip'
                    or order_lines.line_price = nullif(order_charges.tips, 0)
                )
                then 'TIP'
            else 'PRODUCT'
        end as line_type,
        order_lines.quantity,
        order_lines.current_quantity,

        ----------  money, in the shop's currency
        orders.currency,
        order_lines.line_price - order_lines.discount
        + case when orders.taxes_included then 0 else order_lines.line_tax end as total_amount,
        case
            when not orders.taxes_included then order_lines.discount
            else {{ money_share(
                'order_lines.discount',
                '100000000',
                '(100000000 + coalesce(rates.tax_rate, 0))',
                'currencies'
            ) }}
        end as discount_amount,
        order_lines.line_tax as tax_amount
    from order_lines
    inner join orders using (shop, order_id)
    inner join order_charges using (shop, order_id)
    left join rates using (shop, order_line_id)
    left join currencies on orders.currency = currencies.currency
)

select * from priced

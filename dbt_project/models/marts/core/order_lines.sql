with

order_lines as (
    select * from {{ ref('stg_shopify__order_line_items') }}
),

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

products as (
    select * from {{ ref('stg_shopify__products') }}
),

sales as (
    select
        shop,
        order_line_id,
        max(case when line_type = 'tip' then 1 else 0 end) as tips,
        sum(total_amount) as total_amount,
        sum(tax_amount) as tax_amount
    from {{ ref('sales') }}
    where order_line_id is not null and line_type in ('product', 'gift_card', 'tip')
    group by shop, order_line_id
),

described as (
    select
        ----------  ids
        order_lines.shop,
        order_lines.order_id,
        order_lines.order_line_id,
        order_lines.product_id,
        order_lines.variant_id,

        ----------  facts
        cast(
            row_number() over (
                partition by order_lines.shop, order_lines.order_id
                order by {{ id_order('order_lines.order_line_id') }}
            ) as bigint
        ) as position,
        order_lines.name,
        order_lines.title,
        order_lines.variant_title,
        order_lines.sku,
        order_lines.vendor,
        products.product_type,
        order_lines.quantity,
        order_lines.current_quantity,
        order_lines.is_gift_card,
        coalesce(sales.tips = 1, false) as is_tip,
        order_lines.requires_shipping,

        ----------  money, in the shop's currency
        order_lines.unit_price,
        order_lines.discounted_unit_price,
        order_lines.line_price,
        -- Shopify's total leaves order-level discounts out; the allocations hold all of them
        cast(
            greatest(order_lines.allocated_discount, coalesce(order_lines.own_discount, 0))
            as decimal(18, 4)
        ) as line_discount,
        order_lines.line_tax,
        -- a line that the ledger knows nothing of is as it was ordered
        cast(
            coalesce(
                sales.total_amount
                - case when orders.taxes_included then 0 else sales.tax_amount end,
                order_lines.line_price
                - greatest(order_lines.allocated_discount, coalesce(order_lines.own_discount, 0))
            ) as decimal(18, 4)
        ) as current_amount,
        cast(coalesce(sales.tax_amount, order_lines.line_tax) as decimal(18, 4)) as current_tax,
        order_lines.currency
    from order_lines
    inner join orders
        on
            order_lines.shop = orders.shop
            and order_lines.order_id = orders.order_id
    left join sales
        on
            order_lines.shop = sales.shop
            and order_lines.order_line_id = sales.order_line_id
    left join products
        on
            order_lines.shop = products.shop
            and order_lines.product_id = products.product_id
)

select * from described

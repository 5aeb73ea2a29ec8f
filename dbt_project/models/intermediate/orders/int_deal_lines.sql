with

deals as (
    select * from {{ ref('int_deals') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

checkout_lines as (
    select * from {{ ref('checkout_lines') }}
),

products as (
    select * from {{ ref('products') }}
),

lines_of_orders as (
    select
        order_lines.shop,
        order_lines.shop || '/line:' || order_lines.order_line_id as line_key,
        deals.deal_key,
        order_lines.order_line_id as line_id,
        order_lines.product_id,
        order_lines.variant_id,
        order_lines.variant_title,
        order_lines.name,
        order_lines.sku,
        order_lines.vendor,
        order_lines.product_type,
        order_lines.current_quantity as quantity,
        order_lines.unit_price,
        order_lines.current_amount as amount,
        order_lines.current_tax as tax,
        order_lines.currency
    from order_lines
    inner join deals
        on
            order_lines.shop = deals.shop
            and order_lines.order_id = deals.order_id
    where not order_lines.is_tip
),

lines_of_checkouts as (
    select
        checkout_lines.shop,
        checkout_lines.shop
        || '/checkout-line:'
        || checkout_lines.checkout_line_id as line_key,
        deals.deal_key,
        checkout_lines.checkout_line_id as line_id,
        checkout_lines.product_id,
        checkout_lines.variant_id,
        checkout_lines.variant_title,
        checkout_lines.title
        || coalesce(' - ' || checkout_lines.variant_title, '') as name,
        checkout_lines.sku,
        products.vendor,
        products.product_type,
        checkout_lines.quantity,
        checkout_lines.unit_price,
        checkout_lines.current_amount as amount,
        cast(null as decimal(18, 4)) as tax,
        checkout_lines.currency
    from checkout_lines
    inner join deals
        on
            checkout_lines.shop = deals.shop
            and checkout_lines.checkout_id = deals.checkout_id
    left join products
        on
            checkout_lines.shop = products.shop
            and checkout_lines.product_id = products.product_id
),

lines as (
    select * from lines_of_orders
    union all
    select * from lines_of_checkouts
),

with_units as (
    select * from lines
    where quantity > 0
)

select * from with_units

with

lines as (
    select * from {{ ref('int_deal_lines') }}
),

products as (
    select * from {{ ref('int_products_by_grain') }}
),

pictures as (
    select
        shop,
        product_id,
        image_url
    from {{ ref('products') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

properties as (
    select
        ----------  key
        lines.line_key as shopify_line_item_key,

        ----------  HubSpot's own
        lines.name,
        lines.quantity,
        lines.unit_price as price,
        {{ money_per_unit(
            'greatest(lines.unit_price * lines.quantity - lines.amount, 0)',
            'lines.quantity',
            'currencies'
        ) }} as discount,
        lines.tax,
        nullif(lines.sku, '') as hs_sku,
        lines.currency as hs_line_item_currency_code,

        ----------  Shopify's
        products.product_key as shopify_product_key,
        lines.line_id as shopify_line_item_id,
        lines.product_id as shopify_product_id,
        lines.variant_id as shopify_variant_id,
        nullif(lines.vendor, '') as shopify_vendor,
        nullif(lines.product_type, '') as shopify_product_type,
        nullif(nullif(lines.variant_title, ''), 'Default Title') as shopify_variant_title,
        pictures.image_url as shopify_image_url,
        lines.deal_key as shopify_deal_key
    from lines
    left join currencies on lines.currency = currencies.currency
    left join products
        on
            lines.shop = products.shop
            {% if var('product_grain') == 'product' -%}
            and lines.product_id = products.product_id
            {%- else -%}
            and lines.variant_id = products.variant_id
            {%- endif %}
    left join pictures
        on
            lines.shop = pictures.shop
            and lines.product_id = pictures.product_id
)

select * from properties

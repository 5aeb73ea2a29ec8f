with

quarantined as (
    select * from {{ ref('int_quarantined_products') }}
),

keyed as (
    select products.*
    from {{ ref('int_products_by_grain') }} as products
    left join quarantined on products.product_key = quarantined.product_key
    where quarantined.product_key is null
),

products as (
    select * from {{ ref('products') }}
),

properties as (
    select
        ----------  key
        keyed.product_key as shopify_product_key,

        ----------  HubSpot's own
        keyed.name,
        nullif(products.description, '') as description,
        keyed.price,
        nullif(keyed.sku, '') as hs_sku,
        keyed.url as hs_url,
        keyed.image_urls as hs_images,

        ----------  Shopify's
        nullif(products.description_html, '') as shopify_body_html,
        keyed.created_at as shopify_created_at,
        products.handle as shopify_handle,
        nullif(products.product_type, '') as shopify_product_type,
        products.published_at as shopify_published_at,
        products.published_scope as shopify_published_scope,
        products.tags as shopify_tags,
        nullif(products.vendor, '') as shopify_vendor,
        lower(products.status) as shopify_status,
        keyed.product_id as shopify_product_id,
        keyed.variant_id as shopify_variant_id,
        keyed.shop as shopify_store
    from keyed
    inner join products
        on
            keyed.shop = products.shop
            and keyed.product_id = products.product_id
)

select * from properties

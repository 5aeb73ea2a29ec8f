with

variants as (
    select * from {{ ref('stg_shopify__product_variants') }}
),

products as (
    select * from {{ ref('stg_shopify__products') }}
),

described as (
    select
        ----------  ids
        variants.shop,
        variants.variant_id,
        variants.product_id,

        ----------  facts
        variants.title,
        variants.display_name,
        variants.sku,
        variants.barcode,
        variants.price,
        variants.compare_at_price,
        variants.position,
        variants.created_at,
        variants.updated_at,
        variants.weight_grams,
        products.featured_image_url as image_url,

        ----------  state: a variant goes with its product
        coalesce(variants.deleted_at, products.deleted_at) is not null as is_deleted,
        coalesce(variants.deleted_at, products.deleted_at) as deleted_at
    from variants
    left join products
        on
            variants.shop = products.shop
            and variants.product_id = products.product_id
)

select * from described

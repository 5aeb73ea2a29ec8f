with

products as (
    select * from {{ ref('stg_shopify__products') }}
),

quarantined as (
    select * from {{ ref('int_quarantined_products') }}
),

{% if var('product_grain') == 'product' -%}
records as (
    select
        ----------  ids
        products.shop,
        'products' as source,
        products.product_id as record_id,

        ----------  facts
        case when quarantined.product_key is not null then 'quarantined products' end as left_out
    from products
    left join quarantined
        on products.shop || '/product:' || products.product_id = quarantined.product_key
    where products.deleted_at is null
)
{%- else -%}
variants as (
    select * from {{ ref('stg_shopify__product_variants') }}
    where deleted_at is null
),

records as (
    select
        ----------  ids
        variants.shop,
        'variants' as source,
        variants.variant_id as record_id,

        ----------  facts
        case
            when products.deleted_at is not null then 'variants of deleted products'
            when quarantined.product_key is not null then 'quarantined variants'
        end as left_out
    from variants
    left join products
        on
            variants.shop = products.shop
            and variants.product_id = products.product_id
    left join quarantined
        on variants.shop || '/variant:' || variants.variant_id = quarantined.product_key
)
{%- endif %}

select * from records

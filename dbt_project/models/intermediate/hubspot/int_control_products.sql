with

products as (
    select * from {{ ref('stg_shopify__products') }}
),

{% if var('product_grain') == 'product' -%}
records as (
    select
        ----------  ids
        shop,
        'products' as source,
        product_id as record_id,

        ----------  facts
        cast(null as varchar) as left_out
    from products
    where deleted_at is null
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
        case when products.deleted_at is not null then 'variants of deleted products' end
            as left_out
    from variants
    left join products
        on
            variants.shop = products.shop
            and variants.product_id = products.product_id
)
{%- endif %}

select * from records

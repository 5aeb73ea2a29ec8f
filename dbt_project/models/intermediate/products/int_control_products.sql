with

products as (
    select * from {{ ref('stg_shopify__products') }}
),

quarantined as (
    select * from {{ ref('int_quarantined_products') }}
),

kept_aside as (
    select * from {{ ref('int_records_kept_aside') }}
    where object = 'products' and not is_landed
),

{% if var('product_grain') == 'product' -%}
counted as (
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

counted as (
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
{%- endif %},

records as (
    select * from counted
    union all
    select
        shop,
        'records that could not be landed' as source,
        source_id as record_id,
        'quarantined: ' || reason as left_out
    from kept_aside
)

select * from records

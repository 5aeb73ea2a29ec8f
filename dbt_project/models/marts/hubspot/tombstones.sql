with

deals as (
    select * from {{ ref('int_deal_tombstones') }}
),

lines as (
    select * from {{ ref('int_deal_line_tombstones') }}
),

library as (
    select * from {{ ref('int_hubspot_products') }}
),

products as (
    select * from {{ ref('products') }}
),

variants as (
    select * from {{ ref('variants') }}
),

deleted_products as (
    {% if var('product_grain') == 'product' -%}
    select
        shop || '/product:' || product_id as key,
        'product deleted' as reason,
        deleted_at
    from products
    where is_deleted
    {%- else -%}
    select
        variants.shop || '/variant:' || variants.variant_id as key,
        case when products.is_deleted then 'product deleted' else 'variant deleted' end
            as reason,
        coalesce(products.deleted_at, variants.deleted_at) as deleted_at
    from variants
    left join products
        on
            variants.shop = products.shop
            and variants.product_id = products.product_id
    where variants.is_deleted
    {%- endif %}
),

tombstones as (
    select
        'deals' as object,
        deal_key as key,
        reason,
        deleted_at
    from deals
    union all
    select
        'products' as object,
        deleted_products.key,
        deleted_products.reason,
        deleted_products.deleted_at
    from deleted_products
    left join library on deleted_products.key = library.product_key
    where library.product_key is null
    union all
    select
        'line_items' as object,
        line_key as key,
        reason,
        deleted_at
    from lines
)

select * from tombstones

with

library as (
    select * from {{ ref('int_products_by_grain') }}
),

products as (
    select * from {{ ref('products') }}
),

variants as (
    select * from {{ ref('variants') }}
),

gone as (
    select
        shop || '/product:' || product_id as product_key,
        case
            when is_deleted then 'product deleted'
            when '{{ var("product_grain") }}' <> 'product' then 'product grain changed'
        end as reason,
        deleted_at
    from products
    union all
    select
        variants.shop || '/variant:' || variants.variant_id as product_key,
        case
            when products.is_deleted then 'product deleted'
            when variants.is_deleted then 'variant deleted'
            when '{{ var("product_grain") }}' = 'product' then 'product grain changed'
        end as reason,
        coalesce(products.deleted_at, variants.deleted_at) as deleted_at
    from variants
    left join products
        on
            variants.shop = products.shop
            and variants.product_id = products.product_id
),

tombstones as (
    select
        ----------  ids
        gone.product_key,

        ----------  facts
        gone.reason,
        gone.deleted_at
    from gone
    left join library on gone.product_key = library.product_key
    where gone.reason is not null and library.product_key is null
)

select * from tombstones

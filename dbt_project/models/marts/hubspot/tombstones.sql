with

deals as (
    select * from {{ ref('int_deal_tombstones') }}
),

lines_gone as (
    select * from {{ ref('int_lines_gone') }}
),

-- in HubSpot their lines stay as they were last sent
quarantined as (
    select * from {{ ref('int_quarantined_parents') }}
),

library as (
    select * from {{ ref('int_products_by_grain') }}
),

products as (
    select * from {{ ref('products') }}
),

variants as (
    select * from {{ ref('variants') }}
),

products_gone as (
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
        'deals' as object,
        deal_key as key,
        reason,
        deleted_at
    from deals
    union all
    select
        'products' as object,
        products_gone.product_key as key,
        products_gone.reason,
        products_gone.deleted_at
    from products_gone
    left join library on products_gone.product_key = library.product_key
    where products_gone.reason is not null and library.product_key is null
    union all
    select
        'line_items' as object,
        lines_gone.shop
        || case
            when lines_gone.resource = 'order_line_items' then '/line:' else '/checkout-line:'
        end
        || lines_gone.line_id as key,
        min(lines_gone.reason) as reason,
        min(lines_gone.deleted_at) as deleted_at
    from lines_gone
    left join quarantined
        on
            lines_gone.shop = quarantined.shop
            and lines_gone.resource = quarantined.resource
            and lines_gone.parent_id = quarantined.parent_id
    where quarantined.parent_id is null
    group by lines_gone.shop, lines_gone.resource, lines_gone.line_id
)

select * from tombstones

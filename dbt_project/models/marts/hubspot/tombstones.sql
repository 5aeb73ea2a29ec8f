with

deleted_records as (
    select * from {{ ref('stg_shopify__deleted_records') }}
),

order_keys as (
    select * from {{ ref('int_deal_keys_of_orders') }}
),

deals as (
    select * from {{ ref('int_deals') }}
),

lines as (
    select * from {{ ref('int_deal_line_tombstones') }}
),

library as (
    select * from {{ ref('int_hubspot_products') }}
),

variants as (
    select * from {{ ref('variants') }}
),

deleted_orders as (
    select
        order_keys.deal_key as key,
        deleted_records.deleted_at
    from order_keys
    inner join deleted_records
        on
            order_keys.shop = deleted_records.shop
            and order_keys.order_id = deleted_records.record_id
            and deleted_records.resource = 'orders'
),

deleted_products as (
    {% if var('product_grain') == 'product' -%}
    select
        shop || '/product:' || record_id as key,
        'product deleted' as reason,
        deleted_at
    from deleted_records
    where resource = 'products'
    {%- else -%}
    select
        variants.shop || '/variant:' || variants.variant_id as key,
        case
            when products.record_id is null then 'variant deleted'
            else 'product deleted'
        end as reason,
        coalesce(products.deleted_at, variants.deleted_at) as deleted_at
    from variants
    left join deleted_records as products
        on
            variants.shop = products.shop
            and variants.product_id = products.record_id
            and products.resource = 'products'
    where variants.is_deleted or products.record_id is not null
    {%- endif %}
),

tombstones as (
    select
        'deals' as object,
        deleted_orders.key,
        'order deleted' as reason,
        deleted_orders.deleted_at
    from deleted_orders
    left join deals on deleted_orders.key = deals.deal_key
    where deals.deal_key is null
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

with

products as (
    select * from {{ ref('products') }}
    where not is_deleted
),

variants as (
    select * from {{ ref('variants') }}
    where not is_deleted
),

{% if var('product_grain') == 'product' -%}
first_variants as (
    select
        *,
        row_number() over (
            partition by shop, product_id
            order by position, {{ id_order('variant_id') }}
        ) as nth
    from variants
),

keyed as (
    select
        ----------  ids
        products.shop,
        products.shop || '/product:' || products.product_id as product_key,
        products.product_id,
        cast(null as string) as variant_id,

        ----------  what differs by grain
        products.title as name,
        products.min_price as price,
        first_variants.sku,
        products.online_store_url as url,
        products.image_urls,
        products.created_at
    from products
    left join first_variants
        on
            products.shop = first_variants.shop
            and products.product_id = first_variants.product_id
            and first_variants.nth = 1
)
{%- else -%}
keyed as (
    select
        ----------  ids
        products.shop,
        products.shop || '/variant:' || variants.variant_id as product_key,
        products.product_id,
        variants.variant_id,

        ----------  what differs by grain
        case
            when variants.title = 'Default Title' then products.title
            else products.title || coalesce(' - ' || variants.title, '')
        end as name,
        variants.price,
        variants.sku,
        products.online_store_url
        || case
            when products.online_store_url like '%?%' then '&variant='
            else '?variant='
        end
        || variants.variant_id as url,
        products.image_urls,
        coalesce(variants.created_at, products.created_at) as created_at
    from variants
    inner join products
        on
            variants.shop = products.shop
            and variants.product_id = products.product_id
)
{%- endif %}

select * from keyed

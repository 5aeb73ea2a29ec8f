with

products as (
    select * from {{ ref('stg_shopify__products') }}
),

variants as (
    select
        shop,
        product_id,
        count(*) as variants
    from {{ ref('stg_shopify__product_variants') }}
    where deleted_at is null
    group by shop, product_id
),

media as (
    select * from {{ ref('stg_shopify__product_media') }}
    where image_url is not null
),

pictures as (
    select
        products.shop,
        products.product_id,
        coalesce(media.image_url, products.featured_image_url) as image_url,
        coalesce(media.media_id = products.featured_media_id, true) as is_featured,
        media.media_id
    from products
    left join media
        on
            products.shop = media.shop
            and products.product_id = media.product_id
),

ranked_pictures as (
    select
        *,
        row_number() over (
            partition by shop, product_id
            order by is_featured desc, {{ id_order('media_id') }}
        ) as image_rank
    from pictures
    where image_url is not null
),

images as (
    select
        shop,
        product_id,
        {{ joined_in_order('image_url', 'image_rank') }} as image_urls,
        {{ value_at_greatest(
            "case when image_url like 'https://%' then image_url end", '-image_rank'
        ) }} as image_url
    from ranked_pictures
    group by shop, product_id
),

described as (
    select
        ----------  ids
        products.shop,
        products.product_id,

        ----------  facts
        products.title,
        products.handle,
        products.description_html,
        {{ plain_text('products.description_html') }} as description,
        products.product_type,
        products.vendor,
        products.status,
        products.tags,

        ----------  timestamps
        products.created_at,
        products.updated_at,
        products.published_at,

        ----------  where it is to be seen
        -- Shopify's date of publication is the online store's: REST's word for that is web
        case when products.published_at is not null then 'web' end as published_scope,
        products.online_store_url,
        images.image_urls,
        images.image_url,

        ----------  money, in the shop's currency
        products.min_price,
        products.max_price,

        ----------  state
        coalesce(variants.variants, 0) as variants,
        products.deleted_at is not null as is_deleted,
        products.deleted_at
    from products
    left join variants
        on
            products.shop = variants.shop
            and products.product_id = variants.product_id
    left join images
        on
            products.shop = images.shop
            and products.product_id = images.product_id
)

select * from described

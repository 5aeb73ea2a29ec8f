with

products as (
    select * from {{ ref('stg_shopify__products') }}
),

media as (
    select * from {{ ref('stg_shopify__product_media') }}
    where image_url is not null
),

images as (
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

ranked as (
    select
        *,
        row_number() over (
            partition by shop, product_id
            order by is_featured desc, {{ id_order('media_id') }}
        ) as image_rank
    from images
    where image_url is not null
),

joined as (
    select
        ----------  ids
        shop,
        product_id,

        ----------  facts
        {{ joined_in_order('image_url', 'image_rank') }} as image_urls
    from ranked
    group by shop, product_id
)

select * from joined

{%- set price = {'amount': 'text', 'currencyCode': 'text'} -%}
{%- set shape = {
    'title': 'text', 'handle': 'text', 'descriptionHtml': 'text', 'productType': 'text',
    'vendor': 'text', 'status': 'text', 'tags': ['text'], 'isGiftCard': 'text',
    'onlineStoreUrl': 'text', 'createdAt': 'text', 'updatedAt': 'text', 'publishedAt': 'text',
    'featuredMedia': {'id': 'text', 'preview': {'image': {'url': 'text'}}},
    'priceRangeV2': {'minVariantPrice': price, 'maxVariantPrice': price},
} -%}

with

products as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'products') }}
    where {{ is_unparsed('products') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as product_id,
        {{ gid_tail('node.featuredMedia.id') }} as featured_media_id,

        ----------  facts
        node.title,
        node.handle,
        node.descriptionHtml as description_html,
        node.productType as product_type,
        node.vendor,
        node.status,
        {{ joined_list('node.tags') }} as tags,
        {{ to_boolean('node.isGiftCard') }} as is_gift_card,
        node.onlineStoreUrl as online_store_url,
        node.featuredMedia.preview.image.url as featured_image_url,

        ----------  money
        {{ to_money('node.priceRangeV2.minVariantPrice.amount') }} as min_price,
        {{ to_money('node.priceRangeV2.maxVariantPrice.amount') }} as max_price,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.updatedAt') }} as updated_at,
        {{ to_timestamp('node.publishedAt') }} as published_at,
        deleted_at,

        ----------  what cannot be read
        {{ unreadable({
            'required': ['title'],
            'boolean': ['isGiftCard'],
            'money': [
                'priceRangeV2.minVariantPrice.amount', 'priceRangeV2.maxVariantPrice.amount',
            ],
            'timestamp': ['createdAt', 'updatedAt', 'publishedAt'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from products
)

select * from typed

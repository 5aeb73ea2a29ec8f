{{ config(materialized='replaced_view') }}

{%- set shape = {
    'mediaContentType': 'text', 'alt': 'text',
    'preview': {'image': {'url': 'text'}}, 'image': {'url': 'text'},
} -%}

with

product_media as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'product_media') }}
    where deleted_at is null
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as media_id,
        {{ gid_tail('parent_id') }} as product_id,

        ----------  facts
        node.mediaContentType as media_type,
        node.alt as alternative_text,
        coalesce(node.image.url, node.preview.image.url) as image_url
    from product_media
)

select * from typed

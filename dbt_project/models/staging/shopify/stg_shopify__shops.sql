{{ config(materialized='replaced_view') }}

{%- set shape = {
    'id': 'text', 'name': 'text', 'ianaTimezone': 'text', 'currencyCode': 'text',
    'primaryDomain': {'url': 'text'}, 'taxesIncluded': 'text', 'createdAt': 'text',
    'shopLocales': [{'locale': 'text', 'primary': 'text'}],
} -%}

with

shops as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'shops') }}
    where deleted_at is null
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as shop_id,

        ----------  facts
        node.name as shop_name,
        node.ianaTimezone as time_zone,
        node.currencyCode as currency,
        node.primaryDomain.url as domain_url,
        {{ to_boolean('node.taxesIncluded') }} as taxes_included,
        {{ first_over_list(
            'node.shopLocales', "case when element.primary = 'true' then element.locale end"
        ) }} as primary_locale,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,

        ----------  what cannot be read
        {{ unreadable({
            'required': ['ianaTimezone', 'currencyCode', 'createdAt'],
            'time_zone': ['ianaTimezone'],
            'currency': ['currencyCode'],
            'boolean': ['taxesIncluded'],
            'timestamp': ['createdAt'],
        }) }} as unreadable
    from shops
)

select * from typed

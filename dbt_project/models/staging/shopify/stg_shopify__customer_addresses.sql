{{ config(materialized='view') }}

{%- set shape = {
    'firstName': 'text', 'lastName': 'text', 'company': 'text', 'address1': 'text',
    'address2': 'text', 'city': 'text', 'province': 'text', 'country': 'text',
    'countryCodeV2': 'text', 'zip': 'text', 'phone': 'text',
} %}

with

customer_addresses as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'customer_addresses') }}
    where deleted_at is null
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as address_id,
        {{ gid_tail('parent_id') }} as customer_id,

        ----------  facts
        node.firstName as first_name,
        node.lastName as last_name,
        node.company,
        node.address1,
        node.address2,
        node.city,
        node.province,
        node.zip,
        node.country,
        node.countryCodeV2 as country_code,
        node.phone
    from customer_addresses
)

select * from typed

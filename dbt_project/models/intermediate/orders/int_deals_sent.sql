{{ config(materialized='replaced_view') }}

with

deals as (
    select * from {{ ref('int_deals') }}
),

records as (
    select * from {{ ref('stg_ops__sent_records') }}
    where object = 'deals'
),

addressed as (
    select
        deals.shop,
        deals.order_id,
        'https://app.hubspot.com/contacts/' || records.portal_id
        || '/record/0-3/' || records.hubspot_id as deal_url
    from deals
    inner join records on deals.deal_key = records.key
    where deals.order_id is not null
)

select * from addressed

{{ config(materialized='replaced_view') }}

with

records as (
    select * from {{ source('ops', 'hubspot_records') }}
),

accounts as (
    select * from {{ source('ops', 'hubspot_account') }}
),

renamed as (
    select
        records.object,
        records.key,
        records.hubspot_id,
        accounts.portal_id
    from records
    cross join accounts
    where records.status = 'living'
)

select * from renamed

with

records as (
    select * from {{ ref('int_person_records') }}
),

first_landings as (
    select * from {{ ref('stg_shopify__first_landings') }}
),

initial_imports as (
    select * from {{ ref('stg_ops__initial_imports') }}
),

ranked as (
    select
        ----------  ids
        records.shop,
        records.resource,
        records.record_id,

        ----------  facts
        first_landings.first_landed_at,
        coalesce(first_landings.first_landed_at <= initial_imports.completed_at, false)
            as is_initial_import,
        row_number() over (
            partition by records.person_key
            order by
                records.updated_at nulls first, records.created_at nulls first,
                records.shop, records.resource, records.record_id
        ) as recency,
        row_number() over (
            partition by records.person_key
            order by
                records.consent_at nulls first, records.updated_at nulls first,
                records.shop, records.resource, records.record_id
        ) as consent_recency,
        row_number() over (
            partition by records.person_key
            order by
                records.sms_consent_at nulls first, records.updated_at nulls first,
                records.shop, records.resource, records.record_id
        ) as sms_consent_recency
    from records
    left join first_landings
        on
            records.shop = first_landings.shop
            and records.resource = first_landings.resource
            and records.record_id = first_landings.record_id
    left join initial_imports on records.shop = initial_imports.shop
)

select * from ranked

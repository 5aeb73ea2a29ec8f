{%- set latest = [
    'first_name', 'last_name', 'phone', 'city', 'province', 'zip', 'country', 'note',
    'tax_exempt', 'verified_email',
] -%}

with

records as (
    select
        *,
        coalesce(address1, address2) is not null as has_street
    from {{ ref('int_person_records') }}
),

first_landings as (
    select * from {{ ref('stg_shopify__first_landings') }}
),

initial_imports as (
    select * from {{ ref('stg_ops__initial_imports') }}
),

ranked as (
    select
        records.*,
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
),

merged as (
    select
        ----------  ids
        person_key,
        max(email) as email,
        {{ joined_distinct("shop || ':' || customer_id") }} as customer_ids,
        {{ joined_distinct('shop') }} as shops,

        ----------  facts: the most recently updated value that is not blank
        {% for property in latest %}
        {{ value_at_greatest(property, 'recency') }} as {{ property }},
        {% endfor %}
        -- a street is one value of two lines: an older record's second line is not part of it
        {% for line in ['address1', 'address2'] %}
        nullif(
            {{ value_at_greatest(
                "case when has_street then coalesce(" ~ line ~ ", '') end",
                'recency'
            ) }}, ''
        ) as {{ line }},
        {% endfor %}
        coalesce(
            {{ value_at_greatest('accepts_marketing', 'consent_recency') }},
            false
        ) as accepts_marketing,
        {{ value_at_greatest('sms_marketing_state', 'sms_consent_recency') }}
            as sms_marketing_state,
        -- how the person first came decides: the import of a second shop changes nothing
        coalesce(
            min(case when is_initial_import then first_landed_at end)
            = min(first_landed_at),
            false
        ) as is_initial_import,

        ----------  timestamps
        min(created_at) as created_at,
        max(updated_at) as updated_at
    from ranked
    group by person_key
)

select * from merged

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

ranks as (
    select * from {{ ref('int_person_records_ranked') }}
),

merged as (
    select
        ----------  ids
        records.person_key,
        max(records.email) as email,
        {{ joined_distinct("records.shop || ':' || records.customer_id") }} as customer_ids,
        {{ joined_distinct('records.shop') }} as shops,

        ----------  facts: the most recently updated value that is not blank
        {% for property in latest %}
        {{ value_at_greatest('records.' ~ property, 'ranks.recency') }} as {{ property }},
        {% endfor %}
        -- a street is one value of two lines: an older record's second line is not part of it
        {% for line in ['address1', 'address2'] %}
        nullif(
            {{ value_at_greatest(
                "case when records.has_street then coalesce(records." ~ line ~ ", '') end",
                'ranks.recency'
            ) }}, ''
        ) as {{ line }},
        {% endfor %}
        coalesce(
            {{ value_at_greatest('records.accepts_marketing', 'ranks.consent_recency') }},
            false
        ) as accepts_marketing,
        {{ value_at_greatest('records.sms_marketing_state', 'ranks.sms_consent_recency') }}
            as sms_marketing_state,
        -- how the person first came decides: the import of a second shop changes nothing
        coalesce(
            min(case when ranks.is_initial_import then ranks.first_landed_at end)
            = min(ranks.first_landed_at),
            false
        ) as is_initial_import,

        ----------  timestamps
        min(records.created_at) as created_at,
        max(records.updated_at) as updated_at
    from records
    inner join ranks
        on
            records.shop = ranks.shop
            and records.resource = ranks.resource
            and records.record_id = ranks.record_id
    group by records.person_key
)

select * from merged

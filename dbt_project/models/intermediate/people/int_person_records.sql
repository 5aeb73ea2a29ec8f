{{ config(materialized='changed_rows') }}

with

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

people as (
    select * from {{ ref('int_customers_with_person') }}
),

buyers as (
    select * from {{ ref('int_buyers_without_record') }}
),

records as (
    select
        ----------  ids
        customers.shop,
        'customers' as resource,
        customers.customer_id as record_id,
        people.person_key,
        people.email,
        customers.customer_id,

        ----------  facts
        {{ non_blank('customers.first_name') }} as first_name,
        {{ non_blank('customers.last_name') }} as last_name,
        {{ non_blank('customers.phone') }} as phone,
        {{ non_blank('customers.address1') }} as address1,
        {{ non_blank('customers.address2') }} as address2,
        {{ non_blank('customers.city') }} as city,
        {{ non_blank('customers.province') }} as province,
        {{ non_blank('customers.zip') }} as zip,
        {{ non_blank('customers.country') }} as country,
        {{ non_blank('customers.note') }} as note,
        customers.tag_list,
        customers.tax_exempt,
        customers.verified_email,
        customers.marketing_state = 'SUBSCRIBED' as accepts_marketing,
        customers.sms_marketing_state,

        ----------  timestamps
        {{ possible('customers.marketing_updated_at') }} as consent_at,
        {{ possible('customers.sms_marketing_updated_at') }} as sms_consent_at,
        {{ possible('customers.created_at') }} as created_at,
        {{ possible('customers.updated_at') }} as updated_at
    from customers
    inner join people
        on
            customers.shop = people.shop
            and customers.customer_id = people.customer_id
    union all
    select
        shop,
        resource,
        record_id,
        person_key,
        email,
        customer_id,
        {{ non_blank('address.firstName') }} as first_name,
        {{ non_blank('address.lastName') }} as last_name,
        {{ non_blank('phone') }} as phone,
        {{ non_blank('address.address1') }} as address1,
        {{ non_blank('address.address2') }} as address2,
        {{ non_blank('address.city') }} as city,
        {{ non_blank('address.province') }} as province,
        {{ non_blank('address.zip') }} as zip,
        {{ non_blank('address.country') }} as country,
        null as note,
        null as tag_list,
        null as tax_exempt,
        null as verified_email,
        accepts_marketing,
        null as sms_marketing_state,
        consent_at,
        null as sms_consent_at,
        created_at,
        updated_at
    from buyers
)

select * from records

{%- set address = {
    'address1': 'text', 'address2': 'text', 'city': 'text', 'province': 'text',
    'country': 'text', 'zip': 'text',
} -%}
{%- set shape = {
    'firstName': 'text', 'lastName': 'text', 'note': 'text', 'tags': ['text'],
    'taxExempt': 'text', 'verifiedEmail': 'text', 'createdAt': 'text', 'updatedAt': 'text',
    'defaultAddress': address,
    'defaultEmailAddress': {
        'emailAddress': 'text', 'marketingState': 'text', 'marketingUpdatedAt': 'text',
    },
    'defaultPhoneNumber': {
        'phoneNumber': 'text',
        'smsMarketingConsent': {'state': 'text', 'updatedAt': 'text'},
    },
} -%}

with

customers as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'customers') }}
    where {{ is_unparsed('customers') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as customer_id,

        ----------  facts
        node.defaultEmailAddress.emailAddress as email_found,
        node.firstName as first_name,
        node.lastName as last_name,
        node.defaultPhoneNumber.phoneNumber as phone,
        node.defaultAddress.address1,
        node.defaultAddress.address2,
        node.defaultAddress.city,
        node.defaultAddress.province,
        node.defaultAddress.zip,
        node.defaultAddress.country,
        node.note,
        node.tags as tag_list,
        {{ to_boolean('node.taxExempt') }} as tax_exempt,
        {{ to_boolean('node.verifiedEmail') }} as verified_email,
        node.defaultEmailAddress.marketingState as marketing_state,
        node.defaultPhoneNumber.smsMarketingConsent.state as sms_marketing_state,

        ----------  timestamps
        {{ to_timestamp('node.defaultEmailAddress.marketingUpdatedAt') }}
            as marketing_updated_at,
        {{ to_timestamp('node.defaultPhoneNumber.smsMarketingConsent.updatedAt') }}
            as sms_marketing_updated_at,
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.updatedAt') }} as updated_at,
        deleted_at,

        ----------  what cannot be read
        {{ unreadable({
            'boolean': ['taxExempt', 'verifiedEmail'],
            'timestamp': [
                'defaultEmailAddress.marketingUpdatedAt',
                'defaultPhoneNumber.smsMarketingConsent.updatedAt', 'createdAt', 'updatedAt',
            ],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from customers
)

select * from typed

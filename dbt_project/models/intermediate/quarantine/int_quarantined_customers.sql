{{ config(materialized='changed_rows') }}

with

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

people as (
    select * from {{ ref('int_customers_with_person') }}
    where email is not null
),

faults as (
    select
        shop,
        customer_id,
        1 as place,
        'a value that cannot be read' as reason,
        unreadable as detail
    from customers
    where unreadable is not null
    union all
    select
        shop,
        customer_id,
        2 as place,
        'an impossible date' as reason,
        detail
    from (
        {{ impossible_dates('customers', ['shop', 'customer_id'], {
            'created_at': 'createdAt', 'updated_at': 'updatedAt',
            'marketing_updated_at': 'defaultEmailAddress.marketingUpdatedAt',
            'sms_marketing_updated_at':
                'defaultPhoneNumber.smsMarketingConsent.updatedAt',
        }) }}
    )
),

ranked as (
    select
        *,
        row_number() over (partition by shop, customer_id order by place, detail) as nth
    from faults
),

quarantined as (
    select
        ----------  ids
        people.shop,
        people.customer_id,
        people.email,

        ----------  why
        ranked.reason,
        ranked.detail
    from ranked
    inner join people
        on
            ranked.shop = people.shop
            and ranked.customer_id = people.customer_id
    where ranked.nth = 1
)

select * from quarantined

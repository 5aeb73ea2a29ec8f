with

customers as (
    select * from {{ ref('stg_shopify__customers') }}
),

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

guest_orders as (
    select * from {{ ref('stg_shopify__orders') }}
    where deleted_at is null and customer_id is null
),

found as (
    select
        email_found,
        cast(null as string) as left_out
    from customers
    union all
    select
        checkouts.email_found,
        cast(null as string) as left_out
    from checkouts
    -- a customer on record is known by the e-mail of the record
    left join customers
        on
            checkouts.shop = customers.shop
            and checkouts.customer_id = customers.customer_id
    where customers.customer_id is null
    union all
    select
        email_found,
        {% if var('include_test_orders') -%}
        cast(null as string) as left_out
        {%- else -%}
        case when is_test then 'e-mails of test orders alone' end as left_out
        {%- endif %}
    from guest_orders
),

normalised as (
    select
        lower({{ trimmed('email_found') }}) as email,
        left_out
    from found
),

folded as (
    select
        email,
        case when count(*) = count(left_out) then min(left_out) end as left_out
    from normalised
    where email <> ''
    group by email
),

quarantined as (
    select distinct email from {{ ref('int_quarantined_customers') }}
),

kept_aside as (
    select * from {{ ref('int_records_kept_aside') }}
    where object = 'contacts' and not is_landed
),

records as (
    select
        ----------  ids
        folded.email as record_id,

        ----------  facts
        'distinct e-mails' as source,
        case
            when {{ email_fault('folded.email') }} is not null then 'malformed e-mails'
            when quarantined.email is not null then 'e-mails of quarantined customers'
            else folded.left_out
        end as left_out
    from folded
    left join quarantined on folded.email = quarantined.email
    union all
    select
        source_id as record_id,
        'records that could not be landed' as source,
        'quarantined: ' || reason as left_out
    from kept_aside
)

select * from records

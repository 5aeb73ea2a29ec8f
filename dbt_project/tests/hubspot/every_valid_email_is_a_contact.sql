-- Every valid e-mail of a person, an order or a checkout is a contact.
with

emails as (
    select email from {{ ref('people') }}
    union
    select email from {{ ref('orders') }}
    union
    select email from {{ ref('checkouts') }}
),

quarantined as (
    select email from {{ ref('int_quarantined_customers') }}
),

missing as (
    select emails.email
    from emails
    left join {{ ref('contacts') }} as contacts
        on emails.email = contacts.email
    left join quarantined on emails.email = quarantined.email
    where emails.email is not null and contacts.email is null and quarantined.email is null
)

select * from missing

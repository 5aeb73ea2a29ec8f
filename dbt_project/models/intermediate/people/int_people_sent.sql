with

people as (
    select * from {{ ref('people') }}
    where email is not null
),

quarantined as (
    select distinct email from {{ ref('int_quarantined_customers') }}
),

sent as (
    select people.*
    from people
    left join quarantined on people.email = quarantined.email
    where quarantined.email is null
)

select * from sent

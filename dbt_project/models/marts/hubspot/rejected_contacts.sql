with

emails as (
    select * from {{ ref('int_emails_with_validity') }}
    where fault is not null
),

occurrences as (
    select * from {{ ref('int_email_occurrences') }}
),

rejected as (
    select
        ----------  ids
        occurrences.email_found as email,
        occurrences.shop,
        -- the customer's own record names it, where there is one
        coalesce(
            min(case when occurrences.source_id like 'customer:%' then occurrences.source_id end),
            min(occurrences.source_id)
        ) as source_id,

        ----------  facts
        max(emails.fault) as reason
    from occurrences
    inner join emails on occurrences.email_found = emails.email_found
    group by occurrences.email_found, occurrences.shop
)

select * from rejected

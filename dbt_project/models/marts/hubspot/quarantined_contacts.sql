with

emails as (
    select * from {{ ref('int_emails_with_validity') }}
    where fault is not null
),

occurrences as (
    select * from {{ ref('int_email_occurrences') }}
),

malformed as (
    select
        occurrences.shop,
        occurrences.email_found,
        -- the customer's own record names it, where there is one
        coalesce(
            min(case when occurrences.source_id like 'customer:%' then occurrences.source_id end),
            min(occurrences.source_id)
        ) as source_id,
        max(emails.fault) as fault
    from occurrences
    inner join emails on occurrences.email_found = emails.email_found
    group by occurrences.shop, occurrences.email_found
),

customers as (
    select * from {{ ref('int_quarantined_customers') }}
),

kept_aside as (
    select * from {{ ref('int_records_kept_aside') }}
    where object = 'contacts'
),

quarantined as (
    select
        ----------  ids
        shop,
        cast(null as string) as key,
        replace(source_id, ':', ' ') as record,
        source_id,

        ----------  why
        fault as reason,
        'its e-mail is not a valid e-mail: ' || fault as detail,
        -- people mistype their e-mails: the data are not at fault
        true as is_ordinary,

        ----------  facts
        email_found as email
    from malformed
    union all
    select
        shop,
        email as key,
        'customer ' || customer_id as record,
        'customer:' || customer_id as source_id,
        reason,
        detail,
        false as is_ordinary,
        email
    from customers
    union all
    select
        shop,
        cast(null as string) as key,
        record,
        source_id,
        reason,
        detail,
        false as is_ordinary,
        cast(null as string) as email
    from kept_aside
)

select * from quarantined

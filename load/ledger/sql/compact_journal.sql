-- Moves acknowledgements into the ledger, and into the audit with the values before.
insert into ops.hubspot_writes
with

news as (
    select
        *,
        case when whole then properties else sent end as written
    from ops.hubspot_journal
),

compared as (
    select
        news.* exclude (hubspot_id),
        coalesce(news.hubspot_id, records.hubspot_id) as hubspot_id,
        case
            when news.status = 'archived' then 'delete'
            when news.before is not null then 'adopt'
            when records.status = 'living' then 'update'
            else 'create'
        end as action,
        map_entries(coalesce(news.written, '{}')::json::map(varchar, varchar)) as new_values,
        case
            when news.before is not null then news.before::json
            when records.status = 'living' and records.answered is not null
                then json_merge_patch(records.properties, records.answered)
            when records.status = 'living' then records.properties
        end::map(varchar, varchar) as old_values
    from news
    left join ops.hubspot_records as records using (object, key)
    where news.written is not null or news.status = 'archived'
)

select
    run_id,
    batch,
    request_id,
    acknowledged_at,
    object,
    key,
    hubspot_id,
    action,
    list_transform(new_values, lambda each: {
        'property': each.key,
        'old': nullif(old_values[each.key], ''),
        'new': each.value
    })
from compared;

create or replace temp table changed_ids as
select
    journal.object,
    journal.key,
    case when journal.status in ('living', 'merged') then journal.hubspot_id end as hubspot_id
from ops.hubspot_journal as journal
join ops.hubspot_records as records using (object, key)
where journal.status in ('archived', 'deleted_in_hubspot')
    or journal.hubspot_id <> records.hubspot_id;

merge into ops.hubspot_records as records
using (
    from ops.hubspot_journal
    qualify row_number() over (partition by object, key order by batch desc) = 1
) as news
on records.object = news.object and records.key = news.key
when matched then update set
    hubspot_id = coalesce(news.hubspot_id, records.hubspot_id),
    fingerprint = news.fingerprint,
    properties = coalesce(news.properties, records.properties),
    answered = case when news.properties is null then records.answered else news.answered end,
    acknowledged_at = news.acknowledged_at,
    run_id = news.run_id,
    status = news.status
when not matched then insert (
    object, key, hubspot_id, fingerprint, properties, answered, acknowledged_at, run_id, status
) values (
    news.object,
    news.key,
    coalesce(news.hubspot_id, ''),
    news.fingerprint,
    coalesce(news.properties, '{}'),
    news.answered,
    news.acknowledged_at,
    news.run_id,
    news.status
);

delete from ops.hubspot_journal;

-- What was acknowledged becomes part of the ledger, and of the audit with the values before.
insert into ops.hubspot_writes
select
    journal.run_id,
    journal.batch,
    journal.request_id,
    journal.acknowledged_at,
    journal.object,
    journal.key,
    coalesce(journal.hubspot_id, records.hubspot_id),
    case
        when journal.status = 'archived' then 'delete'
        when records.status = 'living' then 'update'
        else 'create'
    end,
    list_transform(coalesce(json_keys(journal.sent), []), lambda name: {
        'property': name,
        'old': case
            when records.status = 'living'
                then json_extract_string(records.properties, '$."' || name || '"')
        end,
        'new': json_extract_string(journal.sent, '$."' || name || '"')
    })
from ops.hubspot_journal as journal
left join ops.hubspot_records as records using (object, key)
where journal.sent is not null or journal.status = 'archived';

create or replace temp table load_moved as
select journal.object, journal.key
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
    acknowledged_at = news.acknowledged_at,
    run_id = news.run_id,
    status = news.status
when not matched then insert (
    object, key, hubspot_id, fingerprint, properties, acknowledged_at, run_id, status
) values (
    news.object,
    news.key,
    coalesce(news.hubspot_id, ''),
    news.fingerprint,
    coalesce(news.properties, '{}'),
    news.acknowledged_at,
    news.run_id,
    news.status
);

delete from ops.hubspot_journal;

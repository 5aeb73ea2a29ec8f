-- The ledger as it will be once the journal of a killed run is compacted into it.
create or replace temp table load_merged as
with

records as (
    select object, key, hubspot_id, fingerprint, properties, answered, status
    from {records}
),

latest as (
    select object, key, hubspot_id, fingerprint, properties, answered, status
    from {journal}
    qualify row_number() over (partition by object, key order by batch desc) = 1
)

select * from records
anti join latest using (object, key)
union all
select
    latest.object,
    latest.key,
    coalesce(latest.hubspot_id, records.hubspot_id),
    latest.fingerprint,
    coalesce(latest.properties, records.properties, '{{}}'),
    case when latest.properties is null then records.answered else latest.answered end,
    latest.status
from latest
left join records using (object, key)

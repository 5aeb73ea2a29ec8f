-- Contacts whose customers now belong to another contact that HubSpot has too: their written
-- values are cleared, so that nothing is counted twice.
insert into load_plan
with

taken_over as (
    select distinct successors.former_key as key
    from load_successors as successors
    join (
        select key, hubspot_id from load_acknowledged
        where object = 'contacts' and status in ('living', 'merged')
        union all
        select key, hubspot_id from load_plan
        where object = 'contacts' and action = 'adopt'
    ) as known using (key)
    anti join load_renamed as renamed on renamed.former_key = successors.former_key
    where successors.status = 'living' and known.hubspot_id <> successors.hubspot_id
)

select
    (select coalesce(max(n), 0) from load_plan) + row_number() over (order by own.key),
    'contacts', own.key, 'clear', own.hubspot_id, null, null, own.kept_at, null, null, null
from load_acknowledged as own
join taken_over using (key)
where own.object = 'contacts' and own.status = 'living'
    and len(list_filter(json_keys(own.properties), lambda name: name <> 'email')) > 0

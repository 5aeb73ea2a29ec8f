-- The missing associations of a kind (load_unassociated) whose records HubSpot has, or will
-- have: to create, or rejected between the same two records. One join a statement, so that each
-- has all the memory for itself.
create or replace temp table load_with_source as
select unassociated.*, known.hubspot_id as from_id
from load_unassociated as unassociated
join load_known as known
    on known.object = '{from_object}' and known.key = unassociated.from_key
where unassociated.association_type = '{kind}';

create or replace temp table load_with_ends as
select with_source.*, known.hubspot_id as to_id
from load_with_source as with_source
join load_known as known
    on known.object = '{to_object}' and known.key = with_source.to_key;

drop table load_with_source;

insert into load_association_plan
select
    (select coalesce(max(n), 0) from load_association_plan)
        + row_number() over (order by wanted.place),
    case when refused.key is null then 'create' else 'rejected' end,
    '{kind}', '{from_object}', wanted.from_key, wanted.from_id,
    '{to_object}', wanted.to_key, wanted.to_id,
    hash(wanted.from_id, wanted.to_id)
from load_with_ends as wanted
left join load_rejected as refused
    on refused.object = '{kind}'
    and refused.key = wanted.from_key || ' > ' || wanted.to_key
    and refused.fingerprint = hash(wanted.from_id, wanted.to_id);

drop table load_with_ends

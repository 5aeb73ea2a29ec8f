-- The ledger of an earlier version, by its new names. It has no fingerprints: the next plan
-- compares every value instead.
insert into ops.hubspot_records
select object, key, hubspot_id, null, properties, null, loaded_at, run_id, status
from ops.load_ledger;

insert into ops.hubspot_associations
select
    earlier.*,
    from_records.hubspot_id <> earlier.from_id or to_records.hubspot_id <> earlier.to_id
from ops.association_ledger as earlier
join ops.hubspot_records as from_records
    on from_records.object = earlier.from_object and from_records.key = earlier.from_key
join ops.hubspot_records as to_records
    on to_records.object = earlier.to_object and to_records.key = earlier.to_key
where from_records.status = 'living' and to_records.status = 'living';

insert into ops.hubspot_rejections
select object, key, null, category, reason, request_id, rejected_at, run_id
from ops.load_rejections;

drop table ops.load_ledger;
drop table ops.association_ledger;
drop table ops.load_rejections;

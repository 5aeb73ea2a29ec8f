-- The ledger of an earlier version, by its new names. It has no fingerprints: the next plan
-- compares every value instead.
insert into ops.hubspot_records
select object, key, hubspot_id, null, properties, loaded_at, run_id, status
from ops.load_ledger;

insert into ops.hubspot_associations
select earlier.*
from ops.association_ledger as earlier
semi join ops.hubspot_records as records
    on records.object = earlier.from_object and records.key = earlier.from_key
    and records.hubspot_id = earlier.from_id
semi join ops.hubspot_records as records
    on records.object = earlier.to_object and records.key = earlier.to_key
    and records.hubspot_id = earlier.to_id;

insert into ops.hubspot_rejections
select object, key, null, category, reason, request_id, rejected_at, run_id
from ops.load_rejections;

drop table ops.load_ledger;
drop table ops.association_ledger;
drop table ops.load_rejections;

-- The ledger of an earlier version, by its new names. It has no fingerprints: the next plan
-- compares every value instead.
insert into ops.hubspot_records
select object, key, hubspot_id, null, properties, loaded_at, run_id, status
from ops.load_ledger;

insert into ops.hubspot_associations
select * from ops.association_ledger;

insert into ops.hubspot_rejections
select object, key, null, category, reason, request_id, rejected_at, run_id
from ops.load_rejections;

drop table ops.load_ledger;
drop table ops.association_ledger;
drop table ops.load_rejections;

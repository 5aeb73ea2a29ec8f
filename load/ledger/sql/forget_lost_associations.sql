-- Records that are no longer in HubSpot (changed_ids, hubspot_id null) lost their associations;
-- those with another id kept them after a merge, but not after being created again: they are to
-- be associated again, which changes nothing if they are, and can still be removed.
delete from ops.hubspot_associations as associations
using changed_ids as moved
where moved.hubspot_id is null
    and associations.from_object = moved.object and associations.from_key = moved.key;

delete from ops.hubspot_associations as associations
using changed_ids as moved
where moved.hubspot_id is null
    and associations.to_object = moved.object and associations.to_key = moved.key;

update ops.hubspot_associations as associations
set from_id = moved.hubspot_id, stale = true
from changed_ids as moved
where moved.hubspot_id is not null
    and associations.from_object = moved.object and associations.from_key = moved.key;

update ops.hubspot_associations as associations
set to_id = moved.hubspot_id, stale = true
from changed_ids as moved
where moved.hubspot_id is not null
    and associations.to_object = moved.object and associations.to_key = moved.key;

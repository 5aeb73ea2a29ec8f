-- Records that are not in HubSpot any more (changed_ids, hubspot_id null) took their
-- associations with them; those with another id by now may have kept them, if it was a merge,
-- or not, if they were made anew: they are to be made once more, which changes nothing where
-- they are, and can still be parted.
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

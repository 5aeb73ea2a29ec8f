-- The associations of records that have another id by now, or that are not in HubSpot any
-- more (load_moved), went with them.
delete from ops.hubspot_associations as associations
using load_moved as moved
where associations.from_object = moved.object and associations.from_key = moved.key;

delete from ops.hubspot_associations as associations
using load_moved as moved
where associations.to_object = moved.object and associations.to_key = moved.key;

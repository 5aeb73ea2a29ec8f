-- The planned rows of {object} in load_window with what HubSpot should have, as JSON text.
create or replace temp view load_{object}_to_create as
select
    planned.n,
    planned.key,
    planned.action,
    planned.hubspot_id,
    planned.fingerprint,
    planned.parent_id,
    {desired} as desired,
    null::varchar as kept,
    null::varchar as answered
from load_window as planned
join load_{object} as source on source.place = planned.place
where planned.object = '{object}'

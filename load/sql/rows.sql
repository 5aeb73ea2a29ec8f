-- The planned rows of {object} as texts of JSON: what HubSpot should hold, and what it last
-- acknowledged. A row to create has nothing acknowledged, and is not looked up.
create or replace temp view load_{object}_to_create as
select
    planned.n,
    planned.key,
    planned.action,
    planned.hubspot_id,
    planned.fingerprint,
    {desired} as desired,
    null::varchar as acknowledged
from load_plan as planned
join load_{object} as source on source.place = planned.place
where planned.object = '{object}';

create or replace temp view load_{object}_to_change as
select
    planned.n,
    planned.key,
    planned.action,
    planned.hubspot_id,
    planned.fingerprint,
    case when source.place is not null then {desired} end as desired,
    own.properties as acknowledged
from load_plan as planned
left join load_{object} as source on source.place = planned.place
join load_acknowledged as own on own.kept_at = planned.kept_at
where planned.object = '{object}';

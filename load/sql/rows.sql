-- The planned rows of {object} in load_window as texts of JSON: what HubSpot should hold, what
-- it should have held when it last acknowledged the record, and what it held otherwise then;
-- of a row to delete none. The two halves are put together on their own: a few rows are found
-- by their numbers in each, however many there are.
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
where planned.object = '{object}';

create or replace temp view load_{object}_to_update as
with

wanted as materialized (
    select * exclude (kept, answered)
    from load_{object}_to_create
),

kept as materialized (
    select planned.n, own.properties as kept, own.answered
    from load_window as planned
    join load_acknowledged as own
        on own.kept_at = planned.kept_at and own.key = planned.key
    where planned.object = '{object}'
)

select wanted.*, kept.kept, kept.answered
from wanted
join kept using (n);

create or replace temp view load_{object}_to_delete as
select
    n, key, action, hubspot_id, fingerprint, parent_id, null::varchar as desired,
    null::varchar as kept, null::varchar as answered
from load_window
where object = '{object}';

-- what was written is cleared, but for the key
create or replace temp view load_{object}_to_clear as
select
    planned.n,
    planned.key,
    planned.action,
    planned.hubspot_id,
    planned.fingerprint,
    planned.parent_id,
    json_object('{key}', planned.key)::varchar as desired,
    own.properties as kept,
    own.answered
from load_window as planned
join load_acknowledged as own
    on own.kept_at = planned.kept_at and own.key = planned.key
where planned.object = '{object}';

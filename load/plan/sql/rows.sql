-- The planned rows of {object} in load_window as JSON text: what HubSpot should have, what it
-- should have had when it last acknowledged the record, and what it had in another form then;
-- nothing for a row to delete. The two halves are computed separately: each finds a few rows by
-- their numbers, however many there are.
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

-- for an adopted record: what is sent, without the key and what only created records get, and
-- the values that it had
create or replace temp view load_{object}_to_adopt as
with

values_to_send as materialized (
    select
        * exclude (desired, kept),
        list_filter(
            map_entries(desired::json::map(varchar, varchar)),
            lambda each: each.key <> '{key}'
                and not list_contains({only_created}, each.key || '=' || each.value)
        ) as sent
    from load_{object}_to_create
)

select
    sending.* exclude (sent, answered),
    to_json(map_from_entries(sending.sent))::varchar as desired,
    to_json(map_from_entries(list_filter(
        map_entries(looked_up.properties::json::map(varchar, varchar)),
        lambda each: list_contains(list_transform(sending.sent, lambda one: one.key), each.key)
    )))::varchar as kept,
    sending.answered
from values_to_send as sending
join load_looked_up as looked_up
    on looked_up.object = '{object}' and looked_up.key = sending.key;

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

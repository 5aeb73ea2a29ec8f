-- The planned rows of {object} in load_window with what was written, to be cleared but for the
-- key.
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
where planned.object = '{object}'

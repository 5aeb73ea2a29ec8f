-- The planned rows of {object} in load_window, which have no values.
create or replace temp view load_{object}_to_delete as
select
    n, key, action, hubspot_id, fingerprint, parent_id, null::varchar as desired,
    null::varchar as kept, null::varchar as answered
from load_window
where object = '{object}'

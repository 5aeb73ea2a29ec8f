-- The properties that differ in the rows of {object} to update. If none does (a blank written
-- another way, a fingerprint of another version), there is nothing to send.
create or replace temp table load_window as
from load_plan
where object = '{object}' and action = 'update';

insert into load_changed
with

named as (
    select
        n,
        desired,
        kept,
        list_distinct(list_concat(json_keys(desired), json_keys(kept))) as names
    from {to_update}
)

select
    n,
    list_filter(names, lambda name:
        json_extract_string(desired, '$."' || name || '"')
        is distinct from json_extract_string(kept, '$."' || name || '"'))
from named;

update load_plan
set action = 'same'
from load_changed as changed
where load_plan.n = changed.n and len(changed.names) = 0

-- The properties that differ in the rows of {object} to update. If none does (a blank written
-- another way, a fingerprint of another version), there is nothing to send. Rows to send with a
-- value that HubSpot would refuse are quarantined.
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
    from load_{object}_to_update
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
where load_plan.n = changed.n and len(changed.names) = 0;

update load_plan
set action = 'quarantined', problem = held_back.problem
from (
    select
        planned.n,
        {problem} as problem
    from load_plan as planned
    join load_{object} as source on source.place = planned.place
    where planned.object = '{object}' and planned.action in ('create', 'update')
) as held_back
where load_plan.n = held_back.n and held_back.problem is not null

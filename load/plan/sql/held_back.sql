-- Every record that is held back, of the plan on this connection. The parts are the models' own
-- tables and the rows of load_plan. id is unique within its object; is_ordinary: it needs no
-- attention.
create or replace temp view load_held_back as
with

parts as (
    {parts}
)

select
    object,
    fate,
    coalesce(key, source_id, record) as id,
    key,
    coalesce(record, key, source_id) as record,
    coalesce(reason, 'unknown') as reason,
    coalesce(detail, '') as detail,
    is_ordinary,
    request_id
from parts

-- The planned rows of {object} in load_window with what HubSpot should have, what it should have
-- had when it last acknowledged the record, and what it had in another form then. The two halves
-- are computed separately: each finds a few rows by their numbers, however many there are.
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
join kept using (n)

-- Parents that landed, or whose children did, since a time, each with its place: landing marks
-- as deleted what a short file lacks.
create or replace temp table touched as
select
    id,
    row_number() over () - 1 as place
from (
    select id
    from raw.{parent}
    where shop = getvariable('shop') and landed_at >= getvariable('since')::timestamp
    union
    select parent_id
    from raw.{table}
    where shop = getvariable('shop') and landed_at >= getvariable('since')::timestamp
);

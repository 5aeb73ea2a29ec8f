-- Parents landed since a moment, or below which something did, each with its place: what a
-- short file lacks, landing marks as deleted.
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

-- The touched parents that state more children than are stored. Figures are taken out of the
-- JSON before any join, which would keep whole rows in memory.
with

some_parents as materialized (
    select id
    from touched
    where place >= getvariable('first_place')
        and place < getvariable('first_place') + getvariable('batch_size')
),

stating as materialized (
    select
        id,
        {stated} as stated
    from raw.{parent}
    where shop = getvariable('shop')
        and deleted_at is null
        and id in (select id from some_parents)
),

children as materialized (
    select
        parent_id,
        {held} as held
    from raw.{table}
    where shop = getvariable('shop')
        and deleted_at is null
        and parent_id in (select id from some_parents)
),

summed as (
    select
        parent_id,
        sum(held) as held
    from children
    group by parent_id
)

select stating.id
from stating
left join summed on summed.parent_id = stating.id
where stating.stated > coalesce(summed.held, 0)
order by stating.id;

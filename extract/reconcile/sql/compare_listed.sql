-- Ids that are only stored (true), or only listed or listed with a later change (false).
-- Unreadable records count as stored: reading them again would change nothing.
with

came as (
    select id, updated_at
    from raw.{table}
    where shop = getvariable('shop') and deleted_at is null

    union all

    select id, updated_at
    from ops.unreadable_records
    where shop = getvariable('shop') and resource = getvariable('resource')
),

held as (
    select
        id,
        max(updated_at) as updated_at
    from came
    group by id
),

listed_once as (
    select
        id,
        max(updated_at) as updated_at
    from listed
    group by id
)

select
    coalesce(held.id, listed_once.id) as id,
    listed_once.id is null as is_held
from held
full join listed_once on listed_once.id = held.id
where held.id is null
    or listed_once.id is null
    or listed_once.updated_at > held.updated_at
order by id;

-- Parents that say they have more below them than is held, among those that landed since a
-- moment or below which something did: what a short file lacks, landing marks as deleted.
with

touched as (
    select id
    from raw.{parent}
    where shop = getvariable('shop') and landed_at >= getvariable('since')::timestamp
    union
    select parent_id
    from raw.{table}
    where shop = getvariable('shop') and landed_at >= getvariable('since')::timestamp
),

stating as (
    select
        id,
        {stated} as stated
    from raw.{parent}
    where shop = getvariable('shop')
        and deleted_at is null
        and id in (select id from touched)
),

children as (
    select
        parent_id,
        {held} as held
    from raw.{table}
    where shop = getvariable('shop')
        and deleted_at is null
        and parent_id in (select id from stating where stated > 0)
    group by parent_id
)

select stating.id
from stating
left join children on children.parent_id = stating.id
where stating.stated > coalesce(children.held, 0)
order by stating.id;

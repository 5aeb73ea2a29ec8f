-- Parents landed by this run that say they have more below them than is held.
with

landed as (
    select
        id,
        {stated} as stated
    from raw.{parent}
    where shop = getvariable('shop') and run_id = getvariable('run_id') and deleted_at is null
),

children as (
    select
        parent_id,
        {held} as held
    from raw.{table}
    where shop = getvariable('shop')
        and deleted_at is null
        and parent_id in (select id from landed where stated > 0)
    group by parent_id
)

select landed.id
from landed
left join children on children.parent_id = landed.id
where landed.stated > coalesce(children.held, 0)
order by landed.id;

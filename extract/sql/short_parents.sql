-- Parents landed by this run that say they have more children than are held.
with

children as (
    select parent_id, count(*) as held
    from raw.{table}
    where shop = getvariable('shop') and deleted_at is null
    group by parent_id
)

select count(*)
from raw.{parent} as parents
left join children on children.parent_id = parents.id
where parents.shop = getvariable('shop')
    and parents.run_id = getvariable('run_id')
    and json_extract_string(parents.payload, '$.{count}.precision') = 'EXACT'
    and json_extract(parents.payload, '$.{count}.count')::bigint > coalesce(children.held, 0);

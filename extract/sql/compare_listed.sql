-- Ids that are only held (true) or only listed (false).
with

held as (
    select id
    from raw.{table}
    where shop = getvariable('shop') and deleted_at is null
),

listed_once as (
    select distinct id from listed
)

select
    coalesce(held.id, listed_once.id) as id,
    held.id is not null as is_held
from held
full join listed_once on listed_once.id = held.id
where held.id is null or listed_once.id is null
order by id;

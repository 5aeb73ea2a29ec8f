-- Removes records older than the stored version, with everything below them.
create or replace temp table stale as
select incoming.id
from incoming
join raw.{table} as held
    on held.shop = getvariable('shop') and held.id = incoming.id
where incoming.level = 0
    and held.deleted_at is null
    and held.updated_at > incoming.updated_at
    and {known};

-- What was read before the version that is held, with everything below it.
create or replace temp table stale as
select incoming.id
from incoming
join raw.{table} as held
    on held.shop = getvariable('shop') and held.id = incoming.id
where incoming.level = 0
    and held.deleted_at is null
    and held.updated_at > incoming.updated_at
    and {known};

delete from incoming
where level = 2
    and parent_id in (
        select id from incoming where level = 1 and parent_id in (select id from stale)
    );

delete from incoming
where level < 2 and coalesce(parent_id, id) in (select id from stale);

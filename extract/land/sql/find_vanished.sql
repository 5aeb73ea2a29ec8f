-- Stored rows below a parent that was read, which were not among its children.
create or replace temp table vanished as
select held.id
from raw.{table} as held
where held.shop = getvariable('shop')
    and held.deleted_at is null
    and held.parent_id in (select id from read_parents)
    and held.id not in (select id from incoming where level > 0);

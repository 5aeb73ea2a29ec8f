-- One level down: the stored children of the parents read, those just deleted included.
create or replace temp table read_parents as
select held.id
from raw.{parent} as held
where held.shop = getvariable('shop')
    and held.parent_id in (select id from incoming where level = 0);

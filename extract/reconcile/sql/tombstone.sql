-- Marks the records of the temporary table gone as deleted in Shopify, as seen just now.
-- Rows below them stay as they were: a record that comes back brings its own.
insert into raw.{table}_history
select held.*
from raw.{table} as held
where held.shop = getvariable('shop')
    and held.deleted_at is null
    and held.id in (select id from gone);

update raw.{table}
set
    deleted_at = getvariable('landed_at'),
    landed_at = getvariable('landed_at'),
    run_id = getvariable('run_id')
where shop = getvariable('shop')
    and deleted_at is null
    and id in (select id from gone);

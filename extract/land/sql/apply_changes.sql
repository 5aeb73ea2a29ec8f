insert into raw.{table}_history
select held.*
from raw.{table} as held
where held.shop = getvariable('shop')
    and held.id in (select id from changed union all select id from vanished);

delete from raw.{table}
where shop = getvariable('shop') and id in (select id from changed);

insert into raw.{table}
select
    getvariable('shop'),
    incoming.id,
    incoming.parent_id,
    incoming.payload,
    incoming.payload_hash,
    incoming.updated_at,
    getvariable('landed_at'),
    null,
    getvariable('run_id')
from incoming
join changed on changed.line = incoming.rowid;

update raw.{table}
set
    deleted_at = getvariable('landed_at'),
    landed_at = getvariable('landed_at'),
    run_id = getvariable('run_id')
where shop = getvariable('shop') and id in (select id from vanished);

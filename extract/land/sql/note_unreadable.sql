-- Keeps unreadable records in ops; returns the ids of new or changed ones.
delete from refused_records
where id in (
    select held.id
    from raw.{table} as held
    where held.shop = getvariable('shop')
        and held.deleted_at is null
        and held.updated_at > refused_records.updated_at
);

delete from refused_records
where id in (
    select kept.id
    from ops.unreadable_records as kept
    where kept.shop = getvariable('shop')
        and kept.resource = getvariable('resource')
        and kept.payload = refused_records.payload
);

delete from ops.unreadable_records
where shop = getvariable('shop')
    and resource = getvariable('resource')
    and id in (select id from refused_records);

insert into ops.unreadable_records by name
from refused_records;

select id from refused_records;

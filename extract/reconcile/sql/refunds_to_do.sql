-- Orders whose refunds, as the order lists them, differ from the stored ones: new, changed or
-- deleted.
with

considered as materialized (
    select
        id,
        json_extract(payload, '$.refunds') as refunds
    from raw.orders
    where shop = getvariable('shop')
        and deleted_at is null
        and landed_at >= coalesce(getvariable('since'), '-infinity'::timestamp)
        -- unreadable refunds are read again when the order changes
        and not exists (
            from ops.unreadable_records as kept
            where kept.shop = getvariable('shop')
                and kept.resource = 'refunds'
                and kept.id = orders.id
                and kept.noted_at >= orders.landed_at
        )
),

listed as (
    select
        id as order_id,
        unnest(
            from_json(refunds, '[{{"id": "VARCHAR", "updatedAt": "TIMESTAMP"}}]'),
            recursive := true
        )
    from considered
),

held as (
    select refunds.*
    from raw.refunds
    where shop = getvariable('shop') and deleted_at is null
)

select listed.order_id
from listed
left join held using (id)
where held.id is null or held.updated_at < listed.updatedAt

union

select held.parent_id
from held
join considered on considered.id = held.parent_id
where held.id not in (select id from listed)

order by order_id;

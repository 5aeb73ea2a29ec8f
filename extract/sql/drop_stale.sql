-- What was read before the version that is held, with its children.
delete from incoming
where coalesce(parent_id, id) in (
    select incoming.id
    from incoming
    join raw.{table} as held
        on held.shop = getvariable('shop') and held.id = incoming.id
    where incoming.level = 0
        and held.deleted_at is null
        and held.updated_at > incoming.updated_at
);

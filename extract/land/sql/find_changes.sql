-- The lines of one table that are new, differ from the stored rows, or came back.
create or replace temp table changed as
with

latest as (
    select
        id,
        max_by(rowid, (coalesce(updated_at, '-infinity'), parent_id, payload_hash)) as line
    from incoming
    where {route}
    group by id
)

select
    latest.id,
    latest.line
from latest
join incoming on incoming.rowid = latest.line
left join raw.{table} as held
    on held.shop = getvariable('shop') and held.id = latest.id
where held.id is null
    or held.deleted_at is not null
    or held.payload_hash is distinct from incoming.payload_hash;

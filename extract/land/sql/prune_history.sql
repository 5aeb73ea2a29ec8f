-- A version's time ends where the next one landed.
create or replace temp table outdated as
select
    rowid as version,
    place = 1 as is_first
from (
    select
        rowid,
        held_now,
        row_number() over (partition by id order by landed_at, held_now) as place,
        lead(landed_at) over (partition by id order by landed_at, held_now) as replaced_at
    from (
        select rowid, id, landed_at, false as held_now
        from raw.{table}_history
        where shop = getvariable('shop')
        union all
        select rowid, id, landed_at, true as held_now
        from raw.{table}
        where shop = getvariable('shop')
            and id in (select id from raw.{table}_history where shop = getvariable('shop'))
    )
)
where not held_now
    and replaced_at < getvariable('now')::timestamp - to_days(getvariable('days')::integer);

update raw.{table}_history
set payload = null
where payload is not null
    and rowid in (select version from outdated where is_first);

delete from raw.{table}_history
where rowid in (select version from outdated where not is_first);

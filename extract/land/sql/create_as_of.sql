-- The records as they stood at a moment: from raw.orders_as_of(timestamp '2026-11-22').
create or replace macro raw.{table}_as_of(moment) as table
select * exclude (place, held_now)
from (
    select
        versions.*,
        row_number() over (
            partition by shop, id
            order by landed_at desc, held_now desc
        ) as place
    from (
        select *, true as held_now from raw.{table}
        union all
        select *, false as held_now from raw.{table}_history
    ) as versions
    where landed_at <= moment
)
where place = 1 and payload is not null;

-- Orders that landed, or any part of which landed, since a time, each with its place.
create or replace temp table touched as
select
    id,
    row_number() over () - 1 as place
from (
    select id
    from raw.orders
    where shop = getvariable('shop') and landed_at >= getvariable('since')::timestamp
    union
    select parent_id
    from raw.order_agreements
    where shop = getvariable('shop')
        and (
            landed_at >= getvariable('since')::timestamp
            or id in (
                select parent_id
                from raw.sales
                where shop = getvariable('shop')
                    and landed_at >= getvariable('since')::timestamp
            )
        )
);

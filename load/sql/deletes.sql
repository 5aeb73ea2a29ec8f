-- Records to archive: explicitly deleted in Shopify, known to HubSpot, not living again.
-- Contacts stay (SPEC 1.1); the line items of a deleted deal go with it.
insert into load_plan
with

tombstones as (
    select * from load_tombstones
),

absent as (
    select known.* from load_acknowledged as known
    anti join load_{object} as source on source."{key}" = known.key
    where known.object = '{object}' and known.status = 'living'
),

deleted as (
    select key from tombstones
    where object = '{object}'
    union
    select absent.key
    from absent
    join tombstones
        on tombstones.object = 'deals'
        and tombstones.key = json_extract_string(absent.properties, '$.shopify_deal_key')
    where absent.object = 'line_items'
)

select
    (select coalesce(max(n), 0) from load_plan) + row_number() over (order by absent.key),
    absent.object, absent.key, 'delete', absent.hubspot_id, null, null, null, null
from absent
join deleted using (key)

-- Records to archive: explicitly deleted in Shopify, known to HubSpot, not living again.
-- Contacts stay (SPEC 1.1); the line items of a deleted deal go with it.
insert into load_plan
with

living as (
    select * from load_acknowledged
    where object = '{object}' and status = 'living'
),

deleted as (
    select key from hubspot.tombstones
    where object = '{object}'
    union
    select living.key
    from living
    join hubspot.tombstones as deals
        on deals.object = 'deals'
        and deals.key = json_extract_string(living.properties, '$.shopify_deal_key')
    where living.object = 'line_items'
)

select
    (select coalesce(max(n), 0) from load_plan) + row_number() over (order by living.key),
    living.object, living.key, 'delete', living.hubspot_id, null, living.properties
from living
join deleted using (key)
anti join hubspot.{object} as source on source."{key}" = living.key

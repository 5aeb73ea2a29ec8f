-- Records to archive: explicitly deleted in Shopify, known to HubSpot, not living again.
-- Contacts stay (docs/reference/rules.md#deletions); the line items of a deleted deal go with
-- it.
insert into load_plan
with

tombstones as (
    select * from load_tombstones
),

absent as (
    select known.key, known.hubspot_id, known.kept_at
    from load_acknowledged as known
    anti join load_{object} as source on source."{key}" = known.key
    where known.object = '{object}' and known.status = 'living'
),

deal_of_absent as (
    select absent.key, json_extract_string(known.properties, '$.shopify_deal_key') as deal_key
    from load_acknowledged as known
    join absent using (kept_at)
    where known.object = 'line_items'
),

deleted as (
    select key from tombstones
    where object = '{object}'
    union
    select deal_of_absent.key
    from deal_of_absent
    join tombstones
        on tombstones.object = 'deals' and tombstones.key = deal_of_absent.deal_key
)

select
    (select coalesce(max(n), 0) from load_plan) + row_number() over (order by absent.key),
    '{object}', absent.key, 'delete', absent.hubspot_id, null, null, absent.kept_at, null, null,
    null
from absent
join deleted using (key)

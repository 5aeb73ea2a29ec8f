-- Recent orders whose customer journey was not ready yet: when it becomes ready, that
-- is not an update of the order (docs/reference/shopify.md#what-updatedat-misses).
select id
from raw.orders
where shop = getvariable('shop')
    and deleted_at is null
    and updated_at >= getvariable('unready_since')::timestamp
    and run_id <> getvariable('run_id')
    and json_extract_string(payload, '$.customerJourneySummary.ready') = 'false'
order by updated_at desc, id
limit {most};

-- The touched orders whose sales do not add up to what the order itself says: all sales = the
-- current total + what refunds gave back too much or too little
-- (docs/reference/metrics.md#identities-of-an-order). Those without any sale come too, where
-- the shop has sales at all; but Shopify has none for some old orders. Amounts are taken out of
-- the JSON before any join, which would keep whole rows in memory.
with

some_orders as materialized (
    select id
    from touched
    where place >= getvariable('first_place')
        and place < getvariable('first_place') + getvariable('batch_size')
),

totals as materialized (
    select
        id,
        json_extract_string(
            payload, '$.currentTotalPriceSet.shopMoney.amount'
        )::decimal(18, 4) as current_total,
        coalesce(json_extract_string(
            payload, '$.refundDiscrepancySet.shopMoney.amount'
        )::decimal(18, 4), 0) as discrepancy
    from raw.orders
    where shop = getvariable('shop')
        and deleted_at is null
        and id in (select id from some_orders)
),

agreements as materialized (
    select id, parent_id
    from raw.order_agreements
    where shop = getvariable('shop')
        and deleted_at is null
        and parent_id in (select id from some_orders)
),

amounts as materialized (
    select
        parent_id,
        json_extract_string(
            payload, '$.totalAmount.shopMoney.amount'
        )::decimal(18, 4) as amount
    from raw.sales
    where shop = getvariable('shop')
        and deleted_at is null
        and parent_id in (select id from agreements)
),

sold as (
    select
        agreements.parent_id as id,
        sum(amounts.amount) as amount
    from amounts
    join agreements on agreements.id = amounts.parent_id
    group by agreements.parent_id
)

select
    totals.id,
    sold.id is not null as has_sales
from totals
left join sold on sold.id = totals.id
where sold.amount <> totals.current_total + totals.discrepancy
    or (
        sold.id is null
        and exists (select 1 from raw.sales where shop = getvariable('shop'))
    );

-- Orders landed since a moment, or of which anything did, whose sales do not add up to what
-- the order itself says: all sales = the current total + what refunds gave back too much or
-- too little (reference/metrics.md, identities per order). Those without any sale come too,
-- where the shop has sales at all; but Shopify has none for some old orders.
with

touched as (
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
),

totals as (
    select
        id,
        json_extract_string(
            payload, '$.currentTotalPriceSet.shopMoney.amount'
        )::decimal(18, 4) as current_total,
        coalesce(json_extract_string(
            payload, '$.refundDiscrepancySet.shopMoney.amount'
        )::decimal(18, 4), 0) as discrepancy
    from raw.orders
    where shop = getvariable('shop') and deleted_at is null
        and id in (select id from touched)
),

agreements as (
    select id, parent_id
    from raw.order_agreements
    where shop = getvariable('shop') and deleted_at is null
        and parent_id in (select id from touched)
),

sold as (
    select
        agreements.parent_id as id,
        sum(json_extract_string(
            sales.payload, '$.totalAmount.shopMoney.amount'
        )::decimal(18, 4)) as amount
    from raw.sales
    join agreements on agreements.id = sales.parent_id
    where sales.shop = getvariable('shop') and sales.deleted_at is null
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
    )
order by has_sales desc, totals.id
limit {most};

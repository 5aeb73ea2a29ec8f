-- Orders read by this run whose sales do not add up to what the order itself says: all
-- sales = the current total + what refunds gave back too much or too little
-- (reference/metrics.md, identities per order). An order without any agreement is left out:
-- Shopify has none for some old ones.
with

orders_read as (
    select parent_id as id
    from raw.order_agreements
    where shop = getvariable('shop') and run_id = getvariable('run_id')
    union
    select id
    from raw.orders
    where shop = getvariable('shop') and run_id = getvariable('run_id')
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
        and id in (select id from orders_read)
),

agreements as (
    select id, parent_id
    from raw.order_agreements
    where shop = getvariable('shop') and deleted_at is null
        and parent_id in (select id from orders_read)
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

select totals.id
from totals
join sold on sold.id = totals.id
where sold.amount <> totals.current_total + totals.discrepancy
order by totals.id
limit {most};

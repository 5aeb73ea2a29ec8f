-- The steps from the deals' amounts to total sales add up to the last of them.
with

steps as (
    select
        shop,
        currency,
        sum(case when step = 'total_sales' then -amount else amount end) as difference
    from {{ ref('sales_bridge') }}
    group by shop, currency
),

unequal as (
    select * from steps
    where difference <> 0
)

select * from unequal

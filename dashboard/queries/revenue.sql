-- Sales of the ledger, by the day each sale event happened.
select
    scopes.scope,
    days.period,
    days.grain,
    days.bucket,
    coalesce(sum(daily_sales.gross_sales), 0) as gross_sales,
    coalesce(sum(daily_sales.discounts), 0) as discounts,
    coalesce(sum(daily_sales.returns), 0) as returns,
    coalesce(sum(daily_sales.net_sales), 0) as net_sales,
    coalesce(sum(daily_sales.shipping), 0) as shipping,
    coalesce(sum(daily_sales.duties + daily_sales.fees), 0) as duties_and_fees,
    coalesce(sum(daily_sales.taxes), 0) as taxes,
    coalesce(sum(daily_sales.total_sales), 0) as total_sales
from days
cross join scopes
left join reports.daily_sales
    on scopes.shop = daily_sales.shop
    and scopes.currency = daily_sales.currency
    and days.day = daily_sales.sale_date
group by all
order by all

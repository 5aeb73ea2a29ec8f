-- Total sales by what brought the order's first visit: UTM source and medium, else the
-- source that Shopify names, else a channel other than the web; what nobody knows has a
-- row too, so that the parts sum to the whole.
with

sourced as (
    select
        shop,
        order_id,
        coalesce(
            nullif(nullif(lower(first_source_1), 'an unknown source'), '')
            || coalesce(' / ' || lower(first_utm_medium), ''),
            nullif(source_name, 'web'),
            'unknown'
        ) as source
    from core.orders
),

summed as (
    select
        scopes.scope,
        periods.period,
        coalesce(sourced.source, 'unknown') as source,
        sum(sales.total_sales) as total_sales,
        count(distinct (sales.shop, sales.order_id))
            filter (where sales.event = 'order') as orders
    from core.sales
    inner join scopes
        on sales.shop = scopes.shop
        and sales.currency = scopes.currency
    inner join periods on sales.sale_date between periods.starts and periods.ends
    left join sourced
        on sales.shop = sourced.shop
        and sales.order_id = sourced.order_id
    group by all
),

ranked as (
    select
        *,
        row_number() over (
            partition by scope, period
            order by source = 'unknown' desc, total_sales desc, source
        ) as place
    from summed
),

grouped as (
    select
        scope,
        period,
        case when place <= 9 then source else 'all others' end as source,
        sum(total_sales) as total_sales,
        sum(orders) as orders
    from ranked
    group by all
)

select *
from grouped
order by scope, period, source = 'all others', total_sales desc, source

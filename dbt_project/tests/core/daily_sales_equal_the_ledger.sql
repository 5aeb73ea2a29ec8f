-- The report is a grouping of the ledger: per shop, currency and day, which is derived again
-- from when each sale happened, every column sums to the same.
with

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

sales as (
    select
        {% for measure in ledger_measures() %}
        sum(sales.{{ measure }}) as {{ measure }},
        {% endfor %}
        sales.shop,
        sales.currency,
        {{ to_shop_date('sales.happened_at', "coalesce(shops.time_zone, 'UTC')") }} as sale_date
    from {{ ref('sales') }} as sales
    left join shops on sales.shop = shops.shop
    where sales.happened_at is not null
    group by all
),

daily_sales as (
    select * from {{ ref('daily_sales') }}
),

compared as (
    select
        shop,
        currency,
        sale_date
    from daily_sales
    full outer join sales using (shop, currency, sale_date)
    where
        false
        {% for measure in ledger_measures() %}
        or coalesce(sales.{{ measure }}, 0) <> coalesce(daily_sales.{{ measure }}, 0)
        {% endfor %}
)

select * from compared

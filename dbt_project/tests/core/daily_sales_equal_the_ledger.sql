-- The report is a grouping of the ledger: per shop and currency every column sums to the same.
with

sales as (
    select
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}
        shop,
        currency
    from {{ ref('sales') }}
    group by shop, currency
),

daily_sales as (
    select
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}
        shop,
        currency
    from {{ ref('daily_sales') }}
    group by shop, currency
),

compared as (
    select
        shop,
        currency
    from daily_sales
    full outer join sales using (shop, currency)
    where
        false
        {% for measure in ledger_measures() %}
        or coalesce(sales.{{ measure }}, 0) <> coalesce(daily_sales.{{ measure }}, 0)
        {% endfor %}
)

select * from compared

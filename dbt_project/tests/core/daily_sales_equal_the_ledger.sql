-- The report is a grouping of the ledger: per shop and currency every column sums to the same.
with

sales as (
    select
        shop,
        currency,
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('sales') }}
    group by shop, currency
),

daily_sales as (
    select
        shop,
        currency,
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor %}
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
        {% for measure in ledger_measures() %}
        coalesce(sales.{{ measure }}, 0) <> coalesce(daily_sales.{{ measure }}, 0)
        {{ 'or' if not loop.last }}
        {% endfor %}
)

select * from compared

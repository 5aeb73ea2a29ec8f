-- The order-date view and the event-date view hold the same sales: totals per shop are equal in
-- every column.
with

{% for table in ['sales', 'orders'] %}
{{ table }} as (
    select
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}
        shop
    from {{ ref(table) }}
    group by shop
),
{% endfor %}

compared as (
    select shop
    from sales
    full outer join orders using (shop)
    where
        false
        {% for measure in ledger_measures() %}
        or coalesce(sales.{{ measure }}, 0) <> coalesce(orders.{{ measure }}, 0)
        {% endfor %}
)

select * from compared

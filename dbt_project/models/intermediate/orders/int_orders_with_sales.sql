with

sales as (
    select * from {{ ref('sales') }}
),

totals as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  money over all events
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}

        ----------  money as ordered
        sum(case when event = 'order' then gross_sales else 0 end) as ordered_gross_sales,
        sum(case when event = 'order' then discounts else 0 end) as ordered_discounts
    from sales
    group by shop, order_id
)

select * from totals

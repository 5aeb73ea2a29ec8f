with

sales as (
    select * from {{ ref('sales') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where not is_tip
),

sold as (
    select
        {% for measure in ledger_measures() %}
        sum({{ measure }}) as {{ measure }},
        {% endfor %}
        sum(case when event = 'order' then gross_sales else 0 end) as ordered_gross_sales,
        sum(case when event = 'order' then discounts else 0 end) as ordered_discounts,
        shop,
        order_id
    from sales
    group by shop, order_id
),

listed as (
    select
        shop,
        order_id,
        sum(case when current_quantity > 0 then 1 else 0 end) as line_count,
        sum(current_quantity) as units,
        sum(line_price) as line_price
    from order_lines
    group by shop, order_id
),

totals as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  money over all events
        {% for measure in ledger_measures() %}
        sold.{{ measure }},
        {% endfor %}

        ----------  money as ordered
        sold.ordered_gross_sales,
        sold.ordered_discounts,

        ----------  lines
        listed.line_price,
        listed.line_count,
        listed.units
    from sold
    full outer join listed using (shop, order_id)
)

select * from totals

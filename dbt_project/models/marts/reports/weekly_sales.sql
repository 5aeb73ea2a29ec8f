with

daily_sales as (
    select
        *,
        {{ week_start('sale_date') }} as week_start
    from {{ ref('daily_sales') }}
),

orders as (
    select
        *,
        {{ week_start('placed_date') }} as placed_week,
        {{ week_start('order_date') }} as processed_week,
        case when is_cancelled then 0 else 1 end as not_cancelled
    from {{ ref('orders') }}
),

sums as (
    select
        {% for measure in ledger_measures() %}
        cast(sum({{ measure }}) as decimal(18, 4)) as {{ measure }},
        {% endfor %}
        cast(sum(orders) as bigint) as orders,
        cast(sum(orders_not_cancelled) as bigint) as orders_not_cancelled,
        shop,
        week_start,
        currency
    from daily_sales
    group by shop, week_start, currency
),

-- a mean of means is not the mean
placed as (
    select
        shop,
        placed_week as week_start,
        currency,
        {{ average_order_value() }}
    from orders
    where placed_week is not null
    group by shop, placed_week, currency
),

-- a person who comes twice in a week counts once
processed as (
    select
        shop,
        processed_week as week_start,
        currency,
        {{ customers_of_a_period() }}
    from orders
    where order_index is not null
    group by shop, processed_week, currency
),

reported as (
    select
        ----------  ids
        shop,
        week_start,
        currency,

        ----------  orders placed in the week
        sums.orders,
        sums.orders_not_cancelled,

        ----------  money of the week's events
        {% for measure in ledger_measures() %}
        sums.{{ measure }},
        {% endfor %}

        placed.average_order_value,

        ----------  persons whose orders were processed in the week
        coalesce(processed.new_customers, 0) as new_customers,
        coalesce(processed.returning_customers, 0) as returning_customers
    from sums
    left join placed using (shop, week_start, currency)
    left join processed using (shop, week_start, currency)
)

select * from reported

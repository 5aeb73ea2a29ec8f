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
        {{ week_start('placed_date') }} as week_start,
        case when is_cancelled then 0 else 1 end as not_cancelled
    from {{ ref('orders') }}
    where placed_date is not null
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

-- a person who comes twice in a week counts once, and a mean of means is no mean
placed as (
    select
        shop,
        week_start,
        currency,
        {{ orders_of_a_period() }}
    from orders
    group by shop, week_start, currency
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

        ----------  about the orders placed in the week
        placed.average_order_value,
        coalesce(placed.new_customers, 0) as new_customers,
        coalesce(placed.returning_customers, 0) as returning_customers
    from sums
    left join placed using (shop, week_start, currency)
)

select * from reported

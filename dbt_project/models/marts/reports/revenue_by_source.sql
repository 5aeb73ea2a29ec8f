{%- set dimensions = {
    'first_visit': 'first_visit',
    'channel': 'source_name',
    'referrer': 'referrer',
    'first_utm_source': 'first_utm_source',
    'first_utm_medium': 'first_utm_medium',
    'first_utm_campaign': 'first_utm_campaign',
    'last_utm_source': 'last_utm_source',
    'last_utm_medium': 'last_utm_medium',
    'last_utm_campaign': 'last_utm_campaign',
} %}

with

sales as (
    select * from {{ ref('sales') }}
),

orders as (
    select * from {{ ref('int_orders_with_source') }}
),

days as (
    select * from {{ ref('int_report_days') }}
    where grain in ('month', 'quarter', 'period')
),

order_days as (
    select
        shop,
        order_id,
        currency,
        sale_date as day,
        max(case when event = 'order' then 1 else 0 end) as orders,
        sum(net_sales) as net_sales,
        sum(total_sales) as total_sales
    from sales
    group by shop, order_id, currency, sale_date
),

daily as (
    {% for dimension, column in dimensions.items() %}
    select
        order_days.shop,
        order_days.currency,
        order_days.day,
        '{{ dimension }}' as dimension,
        coalesce(orders.{{ column }}, 'unknown') as source,
        sum(order_days.orders) as orders,
        sum(order_days.net_sales) as net_sales,
        sum(order_days.total_sales) as total_sales
    from order_days
    left join orders
        on
            order_days.shop = orders.shop
            and order_days.order_id = orders.order_id
    group by
        order_days.shop, order_days.currency, order_days.day,
        coalesce(orders.{{ column }}, 'unknown')
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

summed as (
    select
        ----------  ids
        daily.shop,
        daily.currency,
        {{ period_columns('days') }},
        daily.dimension,
        daily.source,

        ----------  orders and their money
        cast(sum(daily.orders) as bigint) as orders,
        cast(sum(daily.net_sales) as decimal(18, 4)) as net_sales,
        cast(sum(daily.total_sales) as decimal(18, 4)) as total_sales
    from daily
    inner join days
        on
            daily.shop = days.shop
            and daily.day = days.day
    group by
        daily.shop, daily.currency, daily.dimension, daily.source, {{ period_columns('days') }}
)

select * from summed

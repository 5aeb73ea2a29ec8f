with

orders as (
    select * from {{ ref('orders') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
    where is_open
),

daily_sales as (
    select * from {{ ref('daily_sales') }}
),

of_orders as (
    select
        shop,
        currency,
        sum(amount) as amount,
        sum(all_sales) as all_sales,
        sum(gift_card_sales) as gift_card_sales,
        sum(tips) as tips,
        sum(total_sales) as total_sales
    from orders
    group by shop, currency
),

of_checkouts as (
    select
        shop,
        currency,
        sum(total_price) as amount
    from checkouts
    group by shop, currency
),

of_days as (
    select
        shop,
        currency,
        sum(total_sales) as total_sales
    from daily_sales
    group by shop, currency
),

totals as (
    select
        shop,
        currency,
        coalesce(of_orders.amount, 0) as amount,
        coalesce(of_checkouts.amount, 0) as open_checkouts,
        coalesce(of_orders.all_sales, 0) as all_sales,
        coalesce(of_orders.gift_card_sales, 0) as gift_card_sales,
        coalesce(of_orders.tips, 0) as tips,
        coalesce(of_orders.total_sales, 0) as all_total_sales,
        coalesce(of_days.total_sales, 0) as total_sales
    from of_orders
    full outer join of_checkouts using (shop, currency)
    full outer join of_days using (shop, currency)
),

{%- set steps = [
    ('deals', 'Amounts of all deals', 'amount + open_checkouts'),
    ('open_checkouts', 'less open checkouts', '-open_checkouts'),
    ('refund_differences', 'what refunds kept or gave beside the goods', 'all_sales - amount'),
    ('gift_cards', 'less gift cards sold', '-gift_card_sales'),
    ('tips', 'less tips', '-tips'),
    ('without_a_day', 'less sales whose date cannot be right', 'total_sales - all_total_sales'),
    ('total_sales', 'Total sales', 'total_sales'),
] %}

steps as (
    {% for step, label, amount in steps %}
    select
        ----------  ids
        shop,
        currency,
        {{ loop.index }} as position,
        '{{ step }}' as step,

        ----------  what it is
        '{{ label }}' as label,
        cast({{ amount }} as decimal(18, 4)) as amount
    from totals
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from steps

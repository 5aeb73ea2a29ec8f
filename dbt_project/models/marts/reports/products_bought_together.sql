with

baskets as (
    select * from {{ ref('int_baskets') }}
),

product_lines as (
    select * from {{ ref('int_product_lines') }}
),

totals as (
    select
        shop,
        count(distinct order_id) as orders
    from baskets
    group by shop
),

-- what is in fewer orders than the minimum can be in no pair that is not
frequent as (
    select
        shop,
        product_line,
        count(*) as orders
    from baskets
    group by shop, product_line
    having count(*) >= {{ var('bought_together_orders') | int }}
),

items as (
    select
        baskets.shop,
        baskets.order_id,
        baskets.product_line
    from baskets
    inner join frequent
        on
            baskets.shop = frequent.shop
            and baskets.product_line = frequent.product_line
),

pairs as (
    select
        items.shop,
        items.product_line,
        others.product_line as other_product_line,
        count(*) as orders
    from items
    inner join items as others
        on
            items.shop = others.shop
            and items.order_id = others.order_id
            and items.product_line < others.product_line
    group by items.shop, items.product_line, others.product_line
    having count(*) >= {{ var('bought_together_orders') | int }}
),

measured as (
    select
        ----------  ids
        pairs.shop,
        pairs.product_line,
        pairs.other_product_line,
        product_lines.title,
        other_lines.title as other_title,

        ----------  orders
        totals.orders,
        frequent.orders as orders_with_product,
        others.orders as orders_with_other_product,
        pairs.orders as orders_with_both,

        ----------  how often together
        {{ share('pairs.orders', 'totals.orders') }} as support,
        {{ share('pairs.orders', 'frequent.orders') }} as confidence,
        {{ share('pairs.orders', 'others.orders') }} as other_confidence,
        {{ share('pairs.orders * totals.orders', 'frequent.orders * others.orders') }} as lift
    from pairs
    inner join totals on pairs.shop = totals.shop
    inner join frequent
        on
            pairs.shop = frequent.shop
            and pairs.product_line = frequent.product_line
    inner join frequent as others
        on
            pairs.shop = others.shop
            and pairs.other_product_line = others.product_line
    left join product_lines
        on
            pairs.shop = product_lines.shop
            and pairs.product_line = product_lines.product_line
    left join product_lines as other_lines
        on
            pairs.shop = other_lines.shop
            and pairs.other_product_line = other_lines.product_line
)

select * from measured

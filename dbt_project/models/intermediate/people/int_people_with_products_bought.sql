with

orders as (
    select * from {{ ref('orders') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

last_orders as (
    select * from {{ ref('int_people_with_last_order_items') }}
),

bought as (
    select
        orders.person_key,
        trim(replace(order_lines.title, ';', ',')) as title,
        max(orders.processed_at) as last_bought_at
    from order_lines
    inner join orders
        on
            order_lines.shop = orders.shop
            and order_lines.order_id = orders.order_id
    where
        orders.person_key is not null
        and not orders.is_cancelled
        and order_lines.current_quantity > 0
        and not order_lines.is_tip
    group by orders.person_key, trim(replace(order_lines.title, ';', ','))
),

measured as (
    select
        *,
        sum(length(title) + 1) over (
            partition by person_key
            order by last_bought_at desc, title asc
            rows between unbounded preceding and current row
        ) as text_length
    from bought
    where title <> ''
),

joined as (
    select
        person_key,
        {{ joined_in_order('title', 'last_bought_at desc, title asc') }} as products_bought
    from measured
    where text_length <= {{ property_limit() }}
    group by person_key
),

with_last_order as (
    select
        ----------  ids
        person_key,

        ----------  facts
        joined.products_bought,
        last_orders.items_html as last_order_items_html
    from joined
    full outer join last_orders using (person_key)
)

select * from with_last_order

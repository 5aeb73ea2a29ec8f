{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('int_orders_living') }}
),

unreadable as (
    select * from {{ ref('int_orders_unreadable') }}
),

with_impossible_dates as (
    select * from {{ ref('int_orders_with_impossible_dates') }}
),

contradictions as (
    {#- in the order in which they are told -#}
    {% for part in ['orders', 'lines', 'refunds'] %}
    select
        shop,
        order_id,
        {{ loop.index * 10 }} + place as place,
        detail
    from {{ ref('int_contradictions_of_' ~ part) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- of several lines or refunds one is told
first_contradictions as (
    select
        shop,
        order_id,
        place,
        min(detail) as detail
    from contradictions
    group by shop, order_id, place
),

contradictory as (
    select
        shop,
        order_id,
        {{ joined_in_order('detail', 'place', '; ') }} as detail
    from first_contradictions
    group by shop, order_id
),

faults as (
    select
        shop,
        order_id,
        1 as place,
        'a value that cannot be read' as reason,
        detail
    from unreadable
    union all
    select
        shop,
        order_id,
        2 as place,
        'an impossible date' as reason,
        detail
    from with_impossible_dates
    union all
    select
        shop,
        order_id,
        3 as place,
        'figures that disagree' as reason,
        detail
    from contradictory
),

ranked as (
    select
        *,
        row_number() over (partition by shop, order_id order by place) as nth
    from faults
),

quarantined as (
    select
        ----------  ids
        orders.shop,
        orders.order_id,
        coalesce(orders.order_name, 'order ' || orders.order_id) as order_name,

        ----------  why
        ranked.reason,
        ranked.detail
    from ranked
    inner join orders
        on
            ranked.shop = orders.shop
            and ranked.order_id = orders.order_id
    where ranked.nth = 1
)

select * from quarantined

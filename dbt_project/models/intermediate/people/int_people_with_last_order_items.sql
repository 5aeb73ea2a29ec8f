with

people as (
    select * from {{ ref('int_people_with_orders') }}
    where last_order_id is not null
),

order_lines as (
    select * from {{ ref('order_lines') }}
    where current_quantity > 0 and not is_tip
),

escaped as (
    select
        people.person_key,
        order_lines.position,
        '<li>'
        || order_lines.current_quantity
        || ' x '
        || {{ html_escaped('order_lines.title') }}
        || coalesce(
            ' ('
            || {{ html_escaped("nullif(nullif(order_lines.variant_title, ''), 'Default Title')") }}
            || ')',
            ''
        )
        || '</li>' as item_html
    from people
    inner join order_lines
        on
            people.last_order_shop = order_lines.shop
            and people.last_order_id = order_lines.order_id
),

measured as (
    select
        *,
        sum(length(item_html)) over (
            partition by person_key
            order by position
            rows between unbounded preceding and current row
        ) as text_length
    from escaped
),

items as (
    select
        ----------  ids
        person_key,

        ----------  facts
        '<ul>' || {{ joined_in_order('item_html', 'position', '') }} || '</ul>' as items_html
    from measured
    where text_length <= {{ property_limit() }} - length('<ul></ul>')
    group by person_key
)

select * from items

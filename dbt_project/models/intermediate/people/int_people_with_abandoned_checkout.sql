with

checkouts as (
    select * from {{ ref('checkouts') }}
),

checkout_lines as (
    select * from {{ ref('checkout_lines') }}
),

home as (
    select * from {{ ref('int_home_currency') }}
),

numbered as (
    select
        *,
        row_number() over (
            partition by person_key
            order by created_at desc, shop desc, checkout_id desc
        ) as nth_last
    from checkouts
    where checkout_state = 'abandoned' and person_key is not null
),

latest as (
    select * from numbered
    where nth_last = 1
),

described as (
    select
        checkout_lines.shop,
        checkout_lines.checkout_id,
        checkout_lines.position,
        checkout_lines.checkout_line_id,
        checkout_lines.quantity
        || ' x '
        || checkout_lines.title
        || coalesce(' (' || checkout_lines.variant_title || ')', '') as item
    from checkout_lines
    inner join latest
        on
            checkout_lines.shop = latest.shop
            and checkout_lines.checkout_id = latest.checkout_id
    where checkout_lines.quantity > 0
),

escaped as (
    select
        *,
        '<li>' || {{ html_escaped('item') }} || '</li>' as item_html
    from described
),

measured as (
    select
        *,
        sum(length(item_html)) over (
            partition by shop, checkout_id
            order by position, checkout_line_id
            rows between unbounded preceding and current row
        ) as text_length
    from escaped
),

items as (
    select
        shop,
        checkout_id,
        {{ joined_in_order('item', 'position, checkout_line_id', '; ') }} as items,
        '<ul>'
        || {{ joined_in_order('item_html', 'position, checkout_line_id', '') }}
        || '</ul>' as items_html
    from measured
    where text_length <= {{ property_limit() }} - length('<ul></ul>')
    group by shop, checkout_id
),

current_checkouts as (
    select
        ----------  ids
        latest.person_key,
        latest.shop,
        latest.checkout_id,

        ----------  facts
        -- e-mails that can escape nothing print it into a link
        case
            when {{ matches('latest.recovery_url', 'https://[!#-;=?-z|~]+') }}
                then latest.recovery_url
        end as recovery_url,
        latest.abandoned_at,
        case when latest.currency = home.home_currency then latest.total_price end
            as total_price,
        items.items,
        items.items_html
    from latest
    cross join home
    left join items
        on latest.shop = items.shop and latest.checkout_id = items.checkout_id
)

select * from current_checkouts

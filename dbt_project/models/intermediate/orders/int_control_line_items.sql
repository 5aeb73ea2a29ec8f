with

order_lines as (
    select * from {{ ref('stg_shopify__order_line_items') }}
),

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

checkout_lines as (
    select * from {{ ref('stg_shopify__abandoned_checkout_line_items') }}
),

tips as (
    {% for sales in ['stg_shopify__sales', 'int_sales_derived'] %}
    select
        shop,
        order_line_id
    from {{ ref(sales) }}
    where line_type = 'TIP' and order_line_id is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

closed_checkouts as (
    select * from {{ ref('int_control_deals') }}
    where
        source = 'abandoned checkouts'
        and left_out is not null
        and left_out not like 'quarantined%'
),

quarantined_orders as (
    select * from {{ ref('int_quarantined_orders') }}
),

quarantined_checkouts as (
    select * from {{ ref('int_quarantined_checkouts') }}
),

records as (
    select
        ----------  ids
        order_lines.shop,
        'lines of orders' as source,
        order_lines.order_line_id as record_id,

        ----------  facts
        case
            {% if not var('include_test_orders') -%}
            when orders.is_test then 'lines of test orders'
            {%- endif %}
            -- how many units it has may be what cannot be read
            when
                quarantined_orders.order_id is not null
                and tips.order_line_id is null
                and coalesce(order_lines.current_quantity, 1) > 0
                then 'lines of quarantined orders'
            when coalesce(order_lines.current_quantity, 0) <= 0
                then 'lines of orders without units'
            when tips.order_line_id is not null then 'tips'
        end as left_out
    from order_lines
    -- a line whose order is not there is not left out on purpose
    left join orders
        on
            order_lines.shop = orders.shop
            and order_lines.order_id = orders.order_id
    left join tips
        on
            order_lines.shop = tips.shop
            and order_lines.order_line_id = tips.order_line_id
    left join quarantined_orders
        on
            order_lines.shop = quarantined_orders.shop
            and order_lines.order_id = quarantined_orders.order_id
    where orders.deleted_at is null
    union all
    select
        checkout_lines.shop,
        'lines of abandoned checkouts' as source,
        checkout_lines.checkout_line_id as record_id,
        case
            when closed_checkouts.record_id is not null then 'lines of completed checkouts'
            when
                quarantined_checkouts.checkout_id is not null
                and coalesce(checkout_lines.quantity, 1) > 0
                then 'lines of quarantined checkouts'
            when coalesce(checkout_lines.quantity, 0) <= 0
                then 'lines of checkouts without units'
        end as left_out
    from checkout_lines
    left join closed_checkouts
        on
            checkout_lines.shop = closed_checkouts.shop
            and checkout_lines.checkout_id = closed_checkouts.record_id
    left join quarantined_checkouts
        on
            checkout_lines.shop = quarantined_checkouts.shop
            and checkout_lines.checkout_id = quarantined_checkouts.checkout_id
)

select * from records

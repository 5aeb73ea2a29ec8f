with

unreadable as (
    select * from {{ ref('int_checkouts_unreadable') }}
),

checkout_lines as (
    select checkout_lines.*
    from {{ ref('stg_shopify__abandoned_checkout_line_items') }} as checkout_lines
    left join unreadable
        on
            checkout_lines.shop = unreadable.shop
            and checkout_lines.checkout_id = unreadable.checkout_id
    where unreadable.checkout_id is null
),

described as (
    select
        ----------  ids
        shop,
        checkout_id,
        checkout_line_id,
        product_id,
        variant_id,

        ----------  facts
        cast(
            row_number() over (
                partition by shop, checkout_id
                order by {{ id_order('checkout_line_id') }}, checkout_line_id
            ) as bigint
        ) as position,
        title,
        variant_title,
        sku,
        quantity,

        ----------  money, in the shop's currency
        unit_price,
        discounted_unit_price,
        line_price,
        try_cast(
            coalesce(
                discounted_price_with_code, discounted_price, discounted_unit_price * quantity
            ) as decimal(18, 4)
        ) as current_amount,
        currency
    from checkout_lines
)

select * from described

with

checkouts as (
    select
        {{ columns_replaced({
            'created_at': possible('created_at'),
            'updated_at': possible('updated_at'),
        }) }}
    from {{ ref('stg_shopify__abandoned_checkouts') }}
),

unreadable as (
    select * from {{ ref('int_checkouts_unreadable') }}
),

readable as (
    select checkouts.*
    from checkouts
    left join unreadable
        on
            checkouts.shop = unreadable.shop
            and checkouts.checkout_id = unreadable.checkout_id
    where unreadable.checkout_id is null
)

select * from readable

with

checkouts as (
    select * from {{ ref('int_checkouts_readable') }}
),

people as (
    select * from {{ ref('int_checkouts_with_person') }}
),

customers as (
    select * from {{ ref('people') }}
),

outcomes as (
    select * from {{ ref('int_checkouts_with_outcome') }}
),

recoveries_elsewhere as (
    select * from {{ ref('int_checkouts_recovered_elsewhere') }}
),

purchases as (
    select * from {{ ref('int_checkouts_with_purchase_since') }}
),

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

described as (
    select
        ----------  ids
        checkouts.shop,
        checkouts.checkout_id,
        checkouts.checkout_name,
        checkouts.token,
        people.person_key,
        checkouts.customer_id,
        people.email,

        ----------  timestamps
        checkouts.created_at,
        {{ to_shop_date('checkouts.created_at', "coalesce(shops.time_zone, 'UTC')") }}
            as created_date,
        checkouts.updated_at,
        {{ possible('outcomes.completed_at') }} as completed_at,

        ----------  facts
        checkouts.recovery_url,

        ----------  money, in the shop's currency unless it says presentment
        checkouts.currency,
        checkouts.subtotal,
        checkouts.total_discounts,
        checkouts.total_line_items_price,
        checkouts.total_tax,
        checkouts.total_price,
        checkouts.presentment_currency,
        checkouts.presentment_total,

        ----------  outcome
        checkouts.note,
        customers.accepts_marketing as buyer_accepts_marketing,
        checkouts.taxes_included,
        outcomes.order_id,
        outcomes.checkout_state,
        outcomes.is_open,
        outcomes.abandoned_at,
        recoveries_elsewhere.order_id as recovered_elsewhere_order_id,
        recoveries_elsewhere.recovered_at as recovered_elsewhere_at,
        purchases.bought_at as bought_since_at
    from checkouts
    inner join people
        on
            checkouts.shop = people.shop
            and checkouts.checkout_id = people.checkout_id
    inner join outcomes
        on
            checkouts.shop = outcomes.shop
            and checkouts.checkout_id = outcomes.checkout_id
    left join recoveries_elsewhere
        on
            checkouts.shop = recoveries_elsewhere.shop
            and checkouts.checkout_id = recoveries_elsewhere.checkout_id
    left join purchases
        on
            checkouts.shop = purchases.shop
            and checkouts.checkout_id = purchases.checkout_id
    left join shops on checkouts.shop = shops.shop
    left join customers on people.person_key = customers.person_key
)

select * from described

with

revenue as (
    select * from {{ ref('daily_sales') }}
),

deals as (
    select * from {{ ref('deals_by_stage') }}
),

checkouts as (
    select * from {{ ref('abandoned_checkouts_over_time') }}
),

shops as (
    select * from {{ ref('int_shops_with_today') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

pairs as (
    select
        shop,
        currency
    from revenue
    union
    select
        shop,
        currency
    from deals
    union
    select
        shop,
        currency
    from checkouts
),

described as (
    select
        ----------  ids
        pairs.shop,
        pairs.currency,

        ----------  of the currency: an unknown one has cents
        cast(coalesce(currencies.minor_units, 100) as integer) as minor_units,

        ----------  days of the shop
        shops.time_zone,
        shops.today,
        shops.first_day,

        ----------  what is counted
        {{ 'true' if var('include_test_orders') else 'false' }} as counts_test_orders
    from pairs
    inner join shops on pairs.shop = shops.shop
    left join currencies on pairs.currency = currencies.currency
    where pairs.currency is not null
)

select * from described

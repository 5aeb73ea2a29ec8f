with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

people as (
    select * from {{ ref('int_orders_with_person') }}
),

indexes as (
    select * from {{ ref('int_orders_with_index') }}
),

stages as (
    select * from {{ ref('int_orders_with_stage') }}
),

methods as (
    select * from {{ ref('int_orders_with_processing_method') }}
),

placements as (
    select
        shop,
        order_id,
        min(happened_at) as placed_at,
        min(sale_date) as placed_date
    from {{ ref('int_agreements_with_day') }}
    where event = 'order'
    group by shop, order_id
),

checkouts as (
    select * from {{ ref('int_checkouts_with_order') }}
    where checkout_rank = 1
),

recoveries as (
    select
        shop,
        checkout_id,
        recovery_url
    from {{ ref('stg_shopify__abandoned_checkouts') }}
),

decided as (
    select
        ----------  ids
        shop,
        order_id,
        people.person_key,
        people.email,
        checkout_id,

        ----------  facts
        {{ to_shop_date('orders.processed_at', "coalesce(shops.time_zone, 'UTC')") }}
            as order_date,
        placements.placed_at,
        placements.placed_date,
        indexes.order_index,
        coalesce(indexes.order_index = 1, false) as is_first_order,
        coalesce(indexes.order_index > 1, false) as is_returning,
        stages.deal_stage,
        methods.processing_method,
        recoveries.recovery_url as abandoned_checkout_url,

        ----------  attribution
        orders.first_visit.landingPage as landing_site,
        orders.first_visit.referrerUrl as referring_site,
        orders.first_visit.utmParameters.source as first_utm_source,
        orders.first_visit.utmParameters.medium as first_utm_medium,
        orders.first_visit.utmParameters.campaign as first_utm_campaign,
        orders.last_visit.utmParameters.source as last_utm_source,
        orders.last_visit.utmParameters.medium as last_utm_medium,
        orders.last_visit.utmParameters.campaign as last_utm_campaign,
        coalesce(orders.first_visit.utmParameters.source, orders.first_visit.source)
            as first_source_1,
        coalesce(
            orders.first_visit.utmParameters.campaign,
            orders.first_visit.sourceType,
            orders.first_visit.referrerUrl
        ) as first_source_2
    from orders
    left join shops using (shop)
    left join people using (shop, order_id)
    left join indexes using (shop, order_id)
    left join stages using (shop, order_id)
    left join methods using (shop, order_id)
    left join placements using (shop, order_id)
    left join checkouts using (shop, order_id)
    left join recoveries using (shop, checkout_id)
)

select * from decided

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
    select * from {{ ref('int_orders_with_placement') }}
),

attributions as (
    select * from {{ ref('int_orders_with_attribution') }}
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
        attributions.landing_site,
        attributions.referring_site,
        attributions.first_utm_source,
        attributions.first_utm_medium,
        attributions.first_utm_campaign,
        attributions.last_utm_source,
        attributions.last_utm_medium,
        attributions.last_utm_campaign,
        attributions.first_source_1,
        attributions.first_source_2
    from orders
    left join shops using (shop)
    left join people using (shop, order_id)
    left join indexes using (shop, order_id)
    left join stages using (shop, order_id)
    left join methods using (shop, order_id)
    left join placements using (shop, order_id)
    left join attributions using (shop, order_id)
    left join checkouts using (shop, order_id)
    left join recoveries using (shop, checkout_id)
)

select * from decided

{{ config(materialized='changed_rows') }}

with

enrolments as (
    select * from {{ ref('int_enrolments_with_person') }}
),

purchases as (
    select * from {{ ref('int_purchases_after_enrolment') }}
),

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

with_purchase as (
    select
        ----------  ids
        enrolments.workflow,
        enrolments.shop,
        enrolments.cause_id,

        ----------  when, and whether the days are over in which purchases count
        enrolments.entered_at,
        {{ to_shop_date('enrolments.entered_at', "coalesce(shops.time_zone, 'UTC')") }}
            as entered_date,
        {{ hours_later('enrolments.entered_at', var('workflow_attribution_days') * 24) }}
        <= {{ cartwheel_now() }} as is_over,

        ----------  facts
        enrolments.currency,
        enrolments.could_be_mailed,
        coalesce(purchases.orders, 0) as orders,
        cast(coalesce(purchases.net_sales, 0) as decimal(18, 4)) as net_sales
    from enrolments
    left join purchases
        on
            enrolments.workflow = purchases.workflow
            and enrolments.shop = purchases.shop
            and enrolments.cause_id = purchases.cause_id
    left join shops on enrolments.shop = shops.shop
)

select * from with_purchase

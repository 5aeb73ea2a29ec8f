{{ config(materialized='table') }}

with

agreements as (
    select
        shop,
        agreement_type,
        agreement_id,
        order_id,
        happened_at
    from {{ ref('stg_shopify__order_agreements') }}
    union all
    select * from {{ ref('int_agreements_derived') }}
),

orders as (
    select * from {{ ref('int_orders_in_scope') }}
    {% if var('cancelled_orders') == 'excluded' %}
    where cancelled_at is null
    {% endif %}
),

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

dated as (
    select
        ----------  ids
        agreements.shop,
        agreements.agreement_type,
        agreements.agreement_id,
        agreements.order_id,

        ----------  facts
        case agreements.agreement_type
            when 'OrderAgreement' then 'order'
            when 'RefundAgreement' then 'return'
            when 'ReturnAgreement' then 'return'
            else 'edit'
        end as event,

        ----------  timestamps
        agreements.happened_at,
        {{ to_shop_date('agreements.happened_at', "coalesce(shops.time_zone, 'UTC')") }}
            as sale_date
    from agreements
    inner join orders
        on
            agreements.shop = orders.shop
            and agreements.order_id = orders.order_id
    left join shops on agreements.shop = shops.shop
)

select * from dated

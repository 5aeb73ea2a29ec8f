{{ config(materialized='changed_rows') }}

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

undated_orders as (
    select * from {{ ref('int_orders_with_impossible_dates') }}
    where is_undated
),

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

-- an order with an impossible date is in totals and in no period
with_moment as (
    select
        agreements.*,
        case when undated_orders.order_id is null then {{ possible('agreements.happened_at') }} end
            as moment
    from agreements
    left join undated_orders
        on
            agreements.shop = undated_orders.shop
            and agreements.order_id = undated_orders.order_id
),

dated as (
    select
        ----------  ids
        with_moment.shop,
        with_moment.agreement_type,
        with_moment.agreement_id,
        with_moment.order_id,

        ----------  facts
        case with_moment.agreement_type
            when 'OrderAgreement' then 'order'
            when 'RefundAgreement' then 'return'
            when 'ReturnAgreement' then 'return'
            else 'edit'
        end as event,

        ----------  timestamps
        with_moment.moment as happened_at,
        {{ to_shop_date('with_moment.moment', "coalesce(shops.time_zone, 'UTC')") }}
            as sale_date
    from with_moment
    inner join orders
        on
            with_moment.shop = orders.shop
            and with_moment.order_id = orders.order_id
    left join shops on with_moment.shop = shops.shop
)

select * from dated

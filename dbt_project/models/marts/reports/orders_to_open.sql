{{ config(materialized='replaced_view') }}

{%- set latest, largest = 200, 5 %}

with

orders as (
    select * from {{ ref('orders') }}
    where placed_date is not null
),

stages as (
    select * from {{ ref('deal_stages') }}
),

deals as (
    select * from {{ ref('int_deals_sent') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by shop, currency order by placed_date desc, order_id desc
        ) as place,
        row_number() over (
            partition by shop, currency, {{ month_start('placed_date') }}
            order by amount desc, order_id asc
        ) as place_in_month
    from orders
),

chosen as (
    select * from ranked
    where place <= {{ latest }} or place_in_month <= {{ largest }}
),

described as (
    select
        ----------  ids
        chosen.shop,
        chosen.currency,
        chosen.order_id,
        chosen.order_name,

        ----------  what it is
        chosen.placed_date,
        stages.label as stage,
        chosen.amount,

        ----------  where to open it
        'https://admin.shopify.com/store/' || split_part(chosen.shop, '.', 1)
        || '/orders/' || chosen.order_id as shopify_url,
        deals.deal_url as hubspot_url
    from chosen
    left join stages on chosen.deal_stage = stages.stage
    left join deals
        on
            chosen.shop = deals.shop
            and chosen.order_id = deals.order_id
)

select * from described

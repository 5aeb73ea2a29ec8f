{{ config(materialized='changed_rows') }}

{%- set latest, largest = 200, 5 %}

with

orders as (
    select * from {{ ref('orders') }}
    where placed_date is not null
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
    select
        shop,
        currency,
        order_id,
        order_name,
        placed_date,
        deal_stage,
        amount
    from ranked
    where place <= {{ latest }} or place_in_month <= {{ largest }}
)

select * from chosen

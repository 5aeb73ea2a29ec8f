{{ config(materialized='changed_rows') }}

with

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
    where unreadable is not null
),

checkout_lines as (
    select * from {{ ref('stg_shopify__abandoned_checkout_line_items') }}
    where unreadable is not null
),

faults as (
    select
        shop,
        checkout_id,
        0 as place,
        unreadable as detail
    from checkouts
    union all
    select
        shop,
        checkout_id,
        1 as place,
        'line item ' || checkout_line_id || ': ' || unreadable as detail
    from checkout_lines
),

ranked as (
    select
        *,
        row_number() over (partition by shop, checkout_id order by place, detail) as nth
    from faults
),

first_faults as (
    select
        ----------  ids
        shop,
        checkout_id,

        ----------  why
        detail
    from ranked
    where nth = 1
)

select * from first_faults

with

deals as (
    select * from {{ ref('int_deal_tombstones') }}
),

lines as (
    select * from {{ ref('int_deal_line_tombstones') }}
),

products as (
    select * from {{ ref('int_product_tombstones') }}
),

tombstones as (
    select
        'deals' as object,
        deal_key as key,
        reason,
        deleted_at
    from deals
    union all
    select
        'products' as object,
        product_key as key,
        reason,
        deleted_at
    from products
    union all
    select
        'line_items' as object,
        line_key as key,
        reason,
        deleted_at
    from lines
)

select * from tombstones

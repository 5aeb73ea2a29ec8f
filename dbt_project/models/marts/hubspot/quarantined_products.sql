with

products as (
    select * from {{ ref('int_quarantined_products') }}
),

quarantined as (
    select
        ----------  ids
        shop,
        product_key as key,
        title as record,
        source_id,

        ----------  why
        reason,
        detail,
        false as is_ordinary
    from products
)

select * from quarantined

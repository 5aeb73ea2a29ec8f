with

products as (
    select * from {{ ref('int_hubspot_products') }}
),

quarantined as (
    select
        ----------  ids
        shop,
        product_key,
        name as title,
        'variant:' || variant_id as source_id,

        ----------  why
        cast(null as varchar) as reason,
        cast(null as varchar) as detail
    from products
    where false
)

select * from quarantined

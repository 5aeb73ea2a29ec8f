with

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

quarantined as (
    select
        ----------  ids
        shop,
        checkout_id,
        checkout_name,

        ----------  why
        cast(null as varchar) as reason,
        cast(null as varchar) as detail
    from checkouts
    where false
)

select * from quarantined

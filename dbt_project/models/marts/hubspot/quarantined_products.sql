with

products as (
    select * from {{ ref('int_quarantined_products') }}
),

kept_aside as (
    select * from {{ ref('int_records_kept_aside') }}
    where object = 'products'
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
    union all
    select
        shop,
        cast(null as string) as key,
        record,
        source_id,
        reason,
        detail,
        false as is_ordinary
    from kept_aside
)

select * from quarantined

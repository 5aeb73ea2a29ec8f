{{ config(materialized='changed_rows') }}

with

keyed as (
    select * from {{ ref('int_products_by_grain') }}
),

products as (
    select * from {{ ref('stg_shopify__products') }}
),

variants as (
    select * from {{ ref('stg_shopify__product_variants') }}
),

faults as (
    select
        shop,
        product_id,
        cast(null as string) as variant_id,
        'product:' || product_id as source_id,
        1 as place,
        'a value that cannot be read' as reason,
        unreadable as detail
    from products
    where unreadable is not null
    union all
    select
        shop,
        product_id,
        cast(null as string) as variant_id,
        'product:' || product_id as source_id,
        2 as place,
        'an impossible date' as reason,
        detail
    from (
        {{ impossible_dates('products', ['shop', 'product_id'], {
            'created_at': 'createdAt', 'updated_at': 'updatedAt',
            'published_at': 'publishedAt',
        }) }}
    )
    {% if var('product_grain') != 'product' -%}
    union all
    select
        shop,
        product_id,
        variant_id,
        'variant:' || variant_id as source_id,
        3 as place,
        'a value that cannot be read' as reason,
        unreadable as detail
    from variants
    where unreadable is not null
    union all
    select
        shop,
        product_id,
        variant_id,
        'variant:' || variant_id as source_id,
        4 as place,
        'an impossible date' as reason,
        detail
    from (
        {{ impossible_dates('variants', ['shop', 'product_id', 'variant_id'], {
            'created_at': 'createdAt', 'updated_at': 'updatedAt',
        }) }}
    )
    {%- endif %}
),

-- what is wrong with a product is wrong with each of its variants
matched as (
    select
        keyed.shop,
        keyed.product_key,
        keyed.name,
        faults.source_id,
        faults.reason,
        faults.detail,
        row_number() over (partition by keyed.product_key order by faults.place, faults.detail)
            as nth
    from keyed
    inner join faults
        on
            keyed.shop = faults.shop
            and keyed.product_id = faults.product_id
            and (faults.variant_id is null or keyed.variant_id = faults.variant_id)
),

quarantined as (
    select
        ----------  ids
        shop,
        product_key,
        name as title,
        source_id,

        ----------  why
        reason,
        detail
    from matched
    where nth = 1
)

select * from quarantined

with

customers as (
    select * from {{ ref('int_customers_with_person') }}
    where email is not null
),

deals as (
    select * from {{ ref('int_deals') }}
),

products as (
    select * from {{ ref('int_products_by_grain') }}
),

quarantined as (
    {% for object in ['contacts', 'deals', 'products'] %}
    select
        '{{ object }}' as object,
        shop
    from {{ ref('quarantined_' ~ object) }}
    where not is_ordinary
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        shop,
        'contacts' as object,
        1 as records,
        0 as quarantined
    from customers
    union all
    select
        shop,
        'deals' as object,
        1 as records,
        0 as quarantined
    from deals
    union all
    select
        shop,
        'products' as object,
        1 as records,
        0 as quarantined
    from products
    union all
    -- deals are without those that are quarantined, the others with them
    select
        shop,
        object,
        case when object = 'deals' then 1 else 0 end as records,
        1 as quarantined
    from quarantined
),

shares as (
    select
        ----------  ids
        shop,
        object,

        ----------  counts
        cast(sum(records) as bigint) as records,
        cast(sum(quarantined) as bigint) as quarantined
    from counted
    group by shop, object
)

select * from shares

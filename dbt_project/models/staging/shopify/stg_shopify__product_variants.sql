{%- set shape = {
    'title': 'text', 'displayName': 'text', 'sku': 'text', 'barcode': 'text',
    'price': 'text', 'compareAtPrice': 'text', 'position': 'text',
    'createdAt': 'text', 'updatedAt': 'text',
    'inventoryItem': {'measurement': {'weight': {'value': 'text', 'unit': 'text'}}},
} -%}

with

product_variants as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'product_variants') }}
    where {{ is_unparsed('product_variants') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as variant_id,
        {{ gid_tail('parent_id') }} as product_id,

        ----------  facts
        node.title,
        node.displayName as display_name,
        node.sku,
        node.barcode,
        {{ to_integer('node.position') }} as position,
        {{ to_grams(
            'node.inventoryItem.measurement.weight.value',
            'node.inventoryItem.measurement.weight.unit'
        ) }} as weight_grams,

        ----------  money
        {{ to_money('node.price') }} as price,
        {{ to_money('node.compareAtPrice') }} as compare_at_price,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.updatedAt') }} as updated_at,
        deleted_at,

        ----------  what cannot be read
        {{ unreadable({
            'integer': ['position'],
            'money': ['price', 'compareAtPrice'],
            'timestamp': ['createdAt', 'updatedAt'],
            'number': ['inventoryItem.measurement.weight.value'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from product_variants
)

select * from typed

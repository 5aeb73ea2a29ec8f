with

order_lines as (
    select * from {{ ref('order_lines') }}
    where not is_gift_card and not is_tip
),

-- as its latest line names it
latest as (
    select
        shop,
        {{ product_line('order_lines') }} as product_line,
        {{ value_at_greatest('product_id', id_order('order_line_id')) }} as product_id,
        max(variant_id) as variant_id,
        {{ value_at_greatest('sku', id_order('order_line_id')) }} as sku,
        {{ value_at_greatest('coalesce(name, title)', id_order('order_line_id')) }} as title,
        {{ value_at_greatest('product_type', id_order('order_line_id')) }} as product_type,
        {{ value_at_greatest('vendor', id_order('order_line_id')) }} as vendor
    from order_lines
    group by shop, {{ product_line('order_lines') }}
)

select * from latest

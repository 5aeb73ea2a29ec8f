-- A line item's product and deal in HubSpot; where the product is not there (any more), the
-- one that it was last linked with.
left join load_known as product
    on product.object = 'products' and product.key = source.shopify_product_key
left join load_known as deal
    on deal.object = 'deals' and deal.key = source.shopify_deal_key
left join (
    select own.key, json_extract_string(own.properties, '$.hs_product_id') as product_id
    from load_acknowledged as own
    semi join (
        select line.shopify_line_item_key as key
        from load_line_items as line
        anti join load_known as product
            on product.object = 'products' and product.key = line.shopify_product_key
    ) as unlinked on unlinked.key = own.key
    where own.object = 'line_items' and own.status = 'living'
) as kept on kept.key = source.shopify_line_item_key

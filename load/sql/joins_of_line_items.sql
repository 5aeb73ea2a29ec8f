-- A line item's product and deal in HubSpot; where the product is not there (any more), the
-- one that it was last linked with (load_unlinked).
left join load_known as product
    on product.object = 'products' and product.key = source.shopify_product_key
left join load_known as deal
    on deal.object = 'deals' and deal.key = source.shopify_deal_key
left join load_unlinked as kept on kept.key = source.shopify_line_item_key

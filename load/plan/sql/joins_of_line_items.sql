-- A line item's product and deal in HubSpot. If its product does not exist (any more), it names
-- none: a deleted product leaves no line item that points to nothing.
left join load_known as product
    on product.object = 'products' and product.key = source.shopify_product_key
left join load_known as deal
    on deal.object = 'deals' and deal.key = source.shopify_deal_key

-- A line item's product and deal in HubSpot. One whose product is not there (any more) names
-- none: a product that is deleted leaves no line item that points at nothing.
left join load_known as product
    on product.object = 'products' and product.key = source.shopify_product_key
left join load_known as deal
    on deal.object = 'deals' and deal.key = source.shopify_deal_key

-- What Fivetran's connector would have written of the same store: typed tables, named as in
-- https://fivetran.com/docs/connectors/applications/shopify (REST), filled from raw of the
-- warehouse attached as landed. A table that is not here is made empty by Fivetran's models.
create schema shopify;

create macro gid_number(gid) as
    regexp_extract(gid::varchar, '/(\d+)(\?|$)', 1)::bigint;

create macro text_at(payload, path) as
    json_extract_string(payload, path);

create macro time_at(payload, path) as
    json_extract_string(payload, path)::timestamp;

create macro shop_amount(payload, field) as
    json_extract_string(payload, '$.' || field || '.shopMoney.amount')::double;

-- a price as the REST API has it in both currencies
create macro price_set(payload, field) as
    case when json_type(payload, '$.' || field) = 'OBJECT' then json_object(
        'shop_money', json_object(
            'amount', json_extract_string(payload, '$.' || field || '.shopMoney.amount'),
            'currency_code',
            json_extract_string(payload, '$.' || field || '.shopMoney.currencyCode')
        ),
        'presentment_money', json_object(
            'amount', json_extract_string(payload, '$.' || field || '.presentmentMoney.amount'),
            'currency_code',
            json_extract_string(payload, '$.' || field || '.presentmentMoney.currencyCode')
        )
    )::varchar end;

-- an order is large, and is parsed again for each column: only what is needed of it
create temp table orders as
select
    id,
    landed_at,
    deleted_at,
    to_json(json_transform(payload, '{
        "app": "JSON",
        "billingAddress": "JSON",
        "cancelReason": "VARCHAR",
        "cancelledAt": "VARCHAR",
        "cartToken": "VARCHAR",
        "checkoutToken": "VARCHAR",
        "closedAt": "VARCHAR",
        "confirmed": "VARCHAR",
        "createdAt": "VARCHAR",
        "currencyCode": "VARCHAR",
        "customer": "JSON",
        "customerAcceptsMarketing": "VARCHAR",
        "customerJourneySummary": "JSON",
        "customerLocale": "VARCHAR",
        "discountCode": "VARCHAR",
        "displayFinancialStatus": "VARCHAR",
        "displayFulfillmentStatus": "VARCHAR",
        "email": "VARCHAR",
        "name": "VARCHAR",
        "note": "VARCHAR",
        "number": "VARCHAR",
        "presentmentCurrencyCode": "VARCHAR",
        "processedAt": "VARCHAR",
        "shippingAddress": "JSON",
        "shippingLine": "JSON",
        "sourceName": "VARCHAR",
        "statusPageUrl": "VARCHAR",
        "subtotalPriceSet": "JSON",
        "tags": "JSON",
        "taxesIncluded": "VARCHAR",
        "test": "VARCHAR",
        "totalDiscountsSet": "JSON",
        "totalPriceSet": "JSON",
        "totalShippingPriceSet": "JSON",
        "totalTaxSet": "JSON",
        "totalWeight": "VARCHAR",
        "updatedAt": "VARCHAR"
    }')) as payload
from landed.raw.orders;

create table shopify."order" as
select
    gid_number(id) as id,
    time_at(payload, '$.processedAt') as processed_at,
    time_at(payload, '$.updatedAt') as updated_at,
    time_at(payload, '$.createdAt') as created_at,
    time_at(payload, '$.cancelledAt') as cancelled_at,
    time_at(payload, '$.closedAt') as closed_at,
    shop_amount(payload, 'totalDiscountsSet') as total_discounts,
    price_set(payload, 'totalDiscountsSet') as total_discounts_set,
    shop_amount(payload, 'subtotalPriceSet') + shop_amount(payload, 'totalDiscountsSet')
        as total_line_items_price,
    price_set(payload, 'subtotalPriceSet') as total_line_items_price_set,
    shop_amount(payload, 'totalPriceSet') as total_price,
    price_set(payload, 'totalPriceSet') as total_price_set,
    shop_amount(payload, 'totalTaxSet') as total_tax,
    price_set(payload, 'totalTaxSet') as total_tax_set,
    shop_amount(payload, 'subtotalPriceSet') as subtotal_price,
    price_set(payload, 'totalShippingPriceSet') as total_shipping_price_set,
    text_at(payload, '$.sourceName') as source_name,
    text_at(payload, '$.taxesIncluded')::boolean as taxes_included,
    text_at(payload, '$.totalWeight')::bigint as total_weight,
    text_at(payload, '$.name') as name,
    text_at(payload, '$.note') as note,
    text_at(payload, '$.number')::bigint as number,
    text_at(payload, '$.number')::bigint as order_number,
    lower(text_at(payload, '$.cancelReason')) as cancel_reason,
    text_at(payload, '$.cartToken') as cart_token,
    text_at(payload, '$.checkoutToken') as checkout_token,
    text_at(payload, '$.currencyCode') as currency,
    text_at(payload, '$.presentmentCurrencyCode') as presentment_currency,
    gid_number(text_at(payload, '$.customer.id')) as customer_id,
    text_at(payload, '$.email') as email,
    lower(text_at(payload, '$.displayFinancialStatus')) as financial_status,
    lower(text_at(payload, '$.displayFulfillmentStatus')) as fulfillment_status,
    text_at(payload, '$.customerJourneySummary.firstVisit.referrerUrl') as referring_site,
    text_at(payload, '$.customerJourneySummary.firstVisit.landingPage')
        as landing_site_base_url,
    text_at(payload, '$.billingAddress.address1') as billing_address_address_1,
    text_at(payload, '$.billingAddress.city') as billing_address_city,
    text_at(payload, '$.billingAddress.country') as billing_address_country,
    text_at(payload, '$.billingAddress.countryCodeV2') as billing_address_country_code,
    text_at(payload, '$.billingAddress.firstName') as billing_address_first_name,
    text_at(payload, '$.billingAddress.lastName') as billing_address_last_name,
    text_at(payload, '$.billingAddress.name') as billing_address_name,
    text_at(payload, '$.billingAddress.phone') as billing_address_phone,
    text_at(payload, '$.billingAddress.province') as billing_address_province,
    text_at(payload, '$.billingAddress.provinceCode') as billing_address_province_code,
    text_at(payload, '$.billingAddress.zip') as billing_address_zip,
    text_at(payload, '$.shippingAddress.address1') as shipping_address_address_1,
    text_at(payload, '$.shippingAddress.city') as shipping_address_city,
    text_at(payload, '$.shippingAddress.country') as shipping_address_country,
    text_at(payload, '$.shippingAddress.countryCodeV2') as shipping_address_country_code,
    text_at(payload, '$.shippingAddress.firstName') as shipping_address_first_name,
    text_at(payload, '$.shippingAddress.lastName') as shipping_address_last_name,
    text_at(payload, '$.shippingAddress.name') as shipping_address_name,
    text_at(payload, '$.shippingAddress.phone') as shipping_address_phone,
    text_at(payload, '$.shippingAddress.province') as shipping_address_province,
    text_at(payload, '$.shippingAddress.provinceCode') as shipping_address_province_code,
    text_at(payload, '$.shippingAddress.zip') as shipping_address_zip,
    text_at(payload, '$.customerAcceptsMarketing')::boolean as buyer_accepts_marketing,
    text_at(payload, '$.customerLocale') as customer_locale,
    text_at(payload, '$.statusPageUrl') as order_status_url,
    text_at(payload, '$.test')::boolean as test,
    text_at(payload, '$.confirmed')::boolean as confirmed,
    gid_number(text_at(payload, '$.app.id')) as app_id,
    deleted_at is not null as _fivetran_deleted,
    landed_at as _fivetran_synced
from orders;

create table shopify.order_line as
select
    gid_number(id) as id,
    gid_number(parent_id) as order_id,
    row_number() over (partition by parent_id order by id) as index,
    text_at(payload, '$.name') as name,
    text_at(payload, '$.title') as title,
    text_at(payload, '$.variantTitle') as variant_title,
    text_at(payload, '$.sku') as sku,
    text_at(payload, '$.vendor') as vendor,
    text_at(payload, '$.quantity')::bigint as quantity,
    text_at(payload, '$.unfulfilledQuantity')::bigint as fulfillable_quantity,
    case when text_at(payload, '$.unfulfilledQuantity')::bigint = 0 then 'fulfilled' end
        as fulfillment_status,
    text_at(payload, '$.isGiftCard')::boolean as gift_card,
    text_at(payload, '$.requiresShipping')::boolean as requires_shipping,
    text_at(payload, '$.taxable')::boolean as taxable,
    (text_at(payload, '$.weight.value')::double * 1000)::bigint as grams,
    shop_amount(payload, 'discountedTotalSet') as pre_tax_price,
    price_set(payload, 'discountedTotalSet') as pre_tax_price_set,
    shop_amount(payload, 'originalUnitPriceSet') as price,
    price_set(payload, 'originalUnitPriceSet') as price_set,
    shop_amount(payload, 'totalDiscountSet') as total_discount,
    price_set(payload, 'totalDiscountSet') as total_discount_set,
    gid_number(text_at(payload, '$.product.id')) as product_id,
    gid_number(text_at(payload, '$.variant.id')) as variant_id,
    landed_at as _fivetran_synced
from landed.raw.order_line_items;

create table shopify.tax_line as
select
    gid_number(id) as order_line_id,
    place - 1 as index,
    shop_amount(line, 'priceSet') as price,
    price_set(line, 'priceSet') as price_set,
    text_at(line, '$.rate')::double as rate,
    text_at(line, '$.title') as title,
    landed_at as _fivetran_synced
from (
    select id, landed_at, unnest(lines) as line, generate_subscripts(lines, 1) as place
    from (
        select id, landed_at, (payload -> '$.taxLines')::json[] as lines
        from landed.raw.order_line_items
    )
);

create table shopify.discount_allocation as
select
    gid_number(id) as order_line_id,
    place - 1 as index,
    shop_amount(allocation, 'allocatedAmountSet') as amount,
    shop_amount(allocation, 'allocatedAmountSet') as amount_set_shop_money_amount,
    text_at(allocation, '$.discountApplication.index')::bigint as discount_application_index,
    landed_at as _fivetran_synced
from (
    select
        id,
        landed_at,
        unnest(allocations) as allocation,
        generate_subscripts(allocations, 1) as place
    from (
        select id, landed_at, (payload -> '$.discountAllocations')::json[] as allocations
        from landed.raw.order_line_items
    )
);

create table shopify.order_shipping_line as
select
    gid_number(text_at(payload, '$.shippingLine.id')) as id,
    gid_number(id) as order_id,
    text_at(payload, '$.shippingLine.code') as code,
    text_at(payload, '$.shippingLine.title') as title,
    text_at(payload, '$.shippingLine.source') as source,
    shop_amount(payload, 'shippingLine.originalPriceSet') as price,
    price_set(payload, 'shippingLine.originalPriceSet') as price_set,
    shop_amount(payload, 'shippingLine.discountedPriceSet') as discounted_price,
    price_set(payload, 'shippingLine.discountedPriceSet') as discounted_price_set,
    landed_at as _fivetran_synced
from orders
where json_type(payload, '$.shippingLine') = 'OBJECT';

create table shopify.order_discount_code as
select
    gid_number(id) as order_id,
    0 as index,
    text_at(payload, '$.discountCode') as code,
    shop_amount(payload, 'totalDiscountsSet') as amount,
    'fixed_amount' as type,
    landed_at as _fivetran_synced
from orders
where text_at(payload, '$.discountCode') is not null;

create table shopify.order_tag as
select
    gid_number(id) as order_id,
    place - 1 as index,
    tag as value,
    landed_at as _fivetran_synced
from (
    select id, landed_at, unnest(tags) as tag, generate_subscripts(tags, 1) as place
    from (
        select id, landed_at, (payload -> '$.tags')::varchar[] as tags
        from orders
    )
);

create table shopify.transaction as
select
    gid_number(text_at(paid, '$.id')) as id,
    gid_number(id) as order_id,
    null::bigint as refund_id,
    shop_amount(paid, 'amountSet') as amount,
    text_at(paid, '$.amountSet.shopMoney.currencyCode') as currency,
    time_at(paid, '$.createdAt') as created_at,
    time_at(paid, '$.processedAt') as processed_at,
    text_at(paid, '$.gateway') as gateway,
    lower(text_at(paid, '$.kind')) as kind,
    lower(text_at(paid, '$.status')) as status,
    text_at(paid, '$.test')::boolean as test,
    gid_number(text_at(paid, '$.parentTransaction.id')) as parent_id,
    landed_at as _fivetran_synced
from (
    select id, landed_at, unnest((payload -> '$.transactions')::json[]) as paid
    from landed.raw.orders
);

create table shopify.fulfillment as
select
    gid_number(text_at(sent, '$.id')) as id,
    gid_number(id) as order_id,
    text_at(sent, '$.name') as name,
    lower(text_at(sent, '$.status')) as status,
    lower(text_at(sent, '$.displayStatus')) as shipment_status,
    time_at(sent, '$.createdAt') as created_at,
    time_at(sent, '$.updatedAt') as updated_at,
    text_at(sent, '$.trackingInfo[0].company') as tracking_company,
    text_at(sent, '$.trackingInfo[0].number') as tracking_number,
    landed_at as _fivetran_synced
from (
    select id, landed_at, unnest((payload -> '$.fulfillments')::json[]) as sent
    from landed.raw.orders
);

create table shopify.refund as
select
    gid_number(id) as id,
    gid_number(parent_id) as order_id,
    time_at(payload, '$.createdAt') as created_at,
    time_at(payload, '$.processedAt') as processed_at,
    text_at(payload, '$.note') as note,
    landed_at as _fivetran_synced
from landed.raw.refunds;

create table shopify.order_line_refund as
select
    gid_number(id) as id,
    gid_number(parent_id) as refund_id,
    gid_number(text_at(payload, '$.lineItem.id')) as order_line_id,
    gid_number(text_at(payload, '$.location.id')) as location_id,
    text_at(payload, '$.quantity')::bigint as quantity,
    lower(text_at(payload, '$.restockType')) as restock_type,
    shop_amount(payload, 'subtotalSet') as subtotal,
    price_set(payload, 'subtotalSet') as subtotal_set,
    shop_amount(payload, 'totalTaxSet') as total_tax,
    price_set(payload, 'totalTaxSet') as total_tax_set,
    landed_at as _fivetran_synced
from landed.raw.refund_line_items;

create table shopify.order_adjustment as
select
    gid_number(adjustments.id) as id,
    gid_number(refunds.parent_id) as order_id,
    gid_number(adjustments.parent_id) as refund_id,
    shop_amount(adjustments.payload, 'amountSet') as amount,
    price_set(adjustments.payload, 'amountSet') as amount_set,
    shop_amount(adjustments.payload, 'taxAmountSet') as tax_amount,
    price_set(adjustments.payload, 'taxAmountSet') as tax_amount_set,
    lower(text_at(adjustments.payload, '$.reason')) as kind,
    text_at(adjustments.payload, '$.reason') as reason,
    adjustments.landed_at as _fivetran_synced
from landed.raw.order_adjustments as adjustments
left join landed.raw.refunds as refunds
    on adjustments.shop = refunds.shop and adjustments.parent_id = refunds.id;

create table shopify.customer as
select
    gid_number(id) as id,
    time_at(payload, '$.createdAt') as created_at,
    time_at(payload, '$.updatedAt') as updated_at,
    text_at(payload, '$.defaultEmailAddress.emailAddress') as email,
    text_at(payload, '$.defaultPhoneNumber.phoneNumber') as phone,
    text_at(payload, '$.firstName') as first_name,
    text_at(payload, '$.lastName') as last_name,
    text_at(payload, '$.numberOfOrders')::bigint as orders_count,
    text_at(payload, '$.amountSpent.amount')::double as total_spent,
    text_at(payload, '$.amountSpent.currencyCode') as currency,
    lower(text_at(payload, '$.state')) as state,
    text_at(payload, '$.taxExempt')::boolean as tax_exempt,
    text_at(payload, '$.verifiedEmail')::boolean as verified_email,
    text_at(payload, '$.note') as note,
    lower(text_at(payload, '$.defaultEmailAddress.marketingState'))
        as email_marketing_consent_state,
    lower(text_at(payload, '$.defaultEmailAddress.marketingOptInLevel'))
        as email_marketing_consent_opt_in_level,
    time_at(payload, '$.defaultEmailAddress.marketingUpdatedAt')
        as email_marketing_consent_consent_updated_at,
    text_at(payload, '$.defaultEmailAddress.marketingState') = 'SUBSCRIBED'
        as accepts_marketing,
    gid_number(text_at(payload, '$.defaultAddress.id')) as default_address_id,
    landed_at as _fivetran_synced
from landed.raw.customers;

create table shopify.customer_tag as
select
    gid_number(id) as customer_id,
    place - 1 as index,
    tag as value,
    landed_at as _fivetran_synced
from (
    select id, landed_at, unnest(tags) as tag, generate_subscripts(tags, 1) as place
    from (
        select id, landed_at, (payload -> '$.tags')::varchar[] as tags
        from landed.raw.customers
    )
);

create table shopify.product as
select
    gid_number(id) as id,
    text_at(payload, '$.title') as title,
    text_at(payload, '$.handle') as handle,
    text_at(payload, '$.productType') as product_type,
    text_at(payload, '$.vendor') as vendor,
    lower(text_at(payload, '$.status')) as status,
    time_at(payload, '$.createdAt') as created_at,
    time_at(payload, '$.updatedAt') as updated_at,
    time_at(payload, '$.publishedAt') as published_at,
    deleted_at is not null as _fivetran_deleted,
    landed_at as _fivetran_synced
from landed.raw.products;

create table shopify.product_variant as
select
    gid_number(id) as id,
    gid_number(parent_id) as product_id,
    gid_number(text_at(payload, '$.inventoryItem.id')) as inventory_item_id,
    time_at(payload, '$.createdAt') as created_at,
    time_at(payload, '$.updatedAt') as updated_at,
    text_at(payload, '$.title') as title,
    text_at(payload, '$.displayName') as display_name,
    text_at(payload, '$.price')::double as price,
    text_at(payload, '$.compareAtPrice')::double as compare_at_price,
    text_at(payload, '$.sku') as sku,
    text_at(payload, '$.barcode') as barcode,
    text_at(payload, '$.position')::bigint as position,
    lower(text_at(payload, '$.inventoryPolicy')) as inventory_policy,
    text_at(payload, '$.inventoryQuantity')::bigint as inventory_quantity,
    text_at(payload, '$.taxable')::boolean as taxable,
    text_at(payload, '$.availableForSale')::boolean as available_for_sale,
    landed_at as _fivetran_synced
from landed.raw.product_variants;

create table shopify.abandoned_checkout as
select
    gid_number(id) as id,
    text_at(payload, '$.name') as name,
    time_at(payload, '$.createdAt') as created_at,
    time_at(payload, '$.updatedAt') as updated_at,
    time_at(payload, '$.completedAt') as closed_at,
    text_at(payload, '$.abandonedCheckoutUrl') as abandoned_checkout_url,
    gid_number(text_at(payload, '$.customer.id')) as customer_id,
    text_at(payload, '$.customer.defaultEmailAddress.emailAddress') as email,
    text_at(payload, '$.totalPriceSet.shopMoney.currencyCode') as currency,
    text_at(payload, '$.totalPriceSet.presentmentMoney.currencyCode') as presentment_currency,
    text_at(payload, '$.taxesIncluded')::boolean as taxes_included,
    shop_amount(payload, 'subtotalPriceSet') as subtotal_price,
    shop_amount(payload, 'totalDiscountSet') as total_discounts,
    shop_amount(payload, 'totalLineItemsPriceSet') as total_line_items_price,
    shop_amount(payload, 'totalPriceSet') as total_price,
    shop_amount(payload, 'totalTaxSet') as total_tax,
    landed_at as _fivetran_synced
from landed.raw.abandoned_checkouts;

create table shopify.shop as
select
    gid_number(id) as id,
    text_at(payload, '$.name') as name,
    text_at(payload, '$.myshopifyDomain') as myshopify_domain,
    text_at(payload, '$.primaryDomain.host') as domain,
    text_at(payload, '$.ianaTimezone') as iana_timezone,
    text_at(payload, '$.currencyCode') as currency,
    text_at(payload, '$.taxesIncluded')::boolean as taxes_included,
    time_at(payload, '$.createdAt') as created_at,
    time_at(payload, '$.updatedAt') as updated_at,
    false as _fivetran_deleted,
    landed_at as _fivetran_synced
from landed.raw.shops;

with

deals as (
    select * from {{ ref('int_deals') }}
),

orders as (
    select * from {{ ref('orders') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
),

new_customer as (
    select * from {{ ref('new_customer') }}
),

abandoned_checkout as (
    select * from {{ ref('abandoned_checkout') }}
    where is_enrolled
),

properties as (
    select
        ----------  key
        deals.deal_key as shopify_deal_key,

        ----------  HubSpot's own
        coalesce(orders.order_name, checkouts.checkout_name) as dealname,
        'ecommerce' as pipeline,
        coalesce(orders.deal_stage, 'checkout_' || checkouts.checkout_state) as dealstage,
        coalesce(orders.amount, checkouts.total_price) as amount,
        coalesce(orders.currency, checkouts.currency) as deal_currency_code,
        orders.processed_at as closedate,

        ----------  Shopify's
        coalesce(orders.currency, checkouts.currency) as shopify_currency,
        coalesce(orders.created_at, checkouts.created_at) as shopify_created_at,
        coalesce(orders.abandoned_checkout_url, checkouts.recovery_url)
            as shopify_abandoned_checkout_url,
        coalesce(orders.buyer_accepts_marketing, checkouts.buyer_accepts_marketing)
            as shopify_buyer_accepts_marketing,
        coalesce(orders.customer_id, checkouts.customer_id) as shopify_customer_id,
        lower(orders.cancel_reason) as shopify_cancel_reason,
        orders.cancelled_at as shopify_cancelled_at,
        orders.cart_token as shopify_cart_token,
        coalesce(orders.status_token, checkouts.token) as shopify_token,
        lower(orders.financial_status) as shopify_financial_status,
        {{ rest_fulfillment_status('orders.order_id', 'orders.fulfillment_status') }}
            as shopify_fulfillment_status,
        orders.landing_site as shopify_landing_site,
        orders.referring_site as shopify_referring_site,
        orders.source_name as shopify_source_name,
        nullif(coalesce(orders.note, checkouts.note), '') as shopify_note,
        orders.order_number as shopify_order_number,
        orders.processing_method as shopify_processing_method,
        coalesce(orders.subtotal, checkouts.subtotal) as shopify_subtotal_price,
        coalesce(orders.total_discounts, checkouts.total_discounts) as shopify_total_discounts,
        coalesce(orders.total_line_items_price, checkouts.total_line_items_price)
            as shopify_total_line_items_price,
        coalesce(orders.original_total, checkouts.total_price) as shopify_total_price,
        coalesce(orders.total_tax, checkouts.total_tax) as shopify_total_tax,
        orders.total_weight as shopify_total_weight,
        coalesce(orders.taxes_included, checkouts.taxes_included) as shopify_taxes_included,
        orders.total_refunded as shopify_refunded_amount,
        orders.all_sales as shopify_net_amount,
        orders.total_shipping as shopify_shipping,
        orders.discount_codes as shopify_discount_codes,
        orders.tags as shopify_tags,

        ----------  attribution
        orders.first_utm_source as shopify_first_utm_source,
        orders.first_utm_medium as shopify_first_utm_medium,
        orders.first_utm_campaign as shopify_first_utm_campaign,
        orders.last_utm_source as shopify_last_utm_source,
        orders.last_utm_medium as shopify_last_utm_medium,
        orders.last_utm_campaign as shopify_last_utm_campaign,

        ----------  history
        orders.is_first_order as shopify_is_first_order,
        orders.order_index as shopify_order_index,
        deals.shop as shopify_store,
        deals.order_id as shopify_order_id,
        coalesce(orders.checkout_id, deals.checkout_id) as shopify_checkout_id,
        coalesce(orders.presentment_currency, checkouts.presentment_currency)
            as shopify_presentment_currency,
        coalesce(orders.presentment_total, checkouts.presentment_total)
            as shopify_presentment_total,

        ----------  workflows
        case when deals.order_id is not null then new_customer.order_id is not null end
            as shopify_new_customer,
        abandoned_checkout.entered_at as shopify_abandoned_since,
        case when deals.checkout_id is not null then checkouts.bought_since_at is not null end
            as shopify_recovered_elsewhere
    from deals
    left join orders
        on deals.shop = orders.shop and deals.order_id = orders.order_id
    left join checkouts
        on deals.shop = checkouts.shop and deals.checkout_id = checkouts.checkout_id
    left join new_customer
        on deals.shop = new_customer.shop and deals.order_id = new_customer.order_id
    left join abandoned_checkout
        on
            deals.shop = abandoned_checkout.shop
            and deals.checkout_id = abandoned_checkout.checkout_id
)

select * from properties

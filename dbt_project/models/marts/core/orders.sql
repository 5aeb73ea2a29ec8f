with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

decisions as (
    select * from {{ ref('int_orders_with_decisions') }}
),

totals as (
    select * from {{ ref('int_orders_with_totals') }}
),

described as (
    select
        ----------  ids and decisions
        shop,
        order_id,
        orders.order_name,
        decisions.person_key,
        orders.processed_at,
        decisions.order_date,
        decisions.order_index,
        decisions.is_first_order,
        decisions.deal_stage,
        orders.financial_status,
        orders.fulfillment_status,
        {{ possible('orders.cancelled_at') }} as cancelled_at,
        orders.currency,

        ----------  the sales ledger of the order
        {% for measure in ledger_measures() %}
        cast(coalesce(totals.{{ measure }}, 0) as decimal(18, 4)) as {{ measure }},
        {% endfor %}
        orders.current_total as amount,
        cast(coalesce(totals.ordered_gross_sales, 0) as decimal(18, 4)) as ordered_gross_sales,
        cast(coalesce(totals.ordered_discounts, 0) as decimal(18, 4)) as ordered_discounts,

        ----------  what Shopify itself says
        orders.original_total,
        orders.order_total,
        orders.current_total,
        orders.current_taxes,
        orders.current_subtotal,
        orders.subtotal,
        orders.total_discounts,
        cast(coalesce(totals.line_price, 0) as decimal(18, 4)) as total_line_items_price,
        orders.total_tax,
        orders.total_shipping,
        orders.total_refunded,
        orders.refund_discrepancy,
        orders.presentment_currency,
        orders.presentment_total,

        ----------  who, where and what else
        orders.customer_id,
        decisions.email,
        orders.email_found as order_email,
        orders.shipping_address.country as shipping_country,
        orders.billing_address.country as billing_country,
        orders.source_name,
        decisions.landing_site,
        decisions.referring_site,
        decisions.first_utm_source,
        decisions.first_utm_medium,
        decisions.first_utm_campaign,
        decisions.last_utm_source,
        decisions.last_utm_medium,
        decisions.last_utm_campaign,
        decisions.first_source_1,
        decisions.first_source_2,
        decisions.checkout_id,
        decisions.abandoned_checkout_url,
        orders.order_number,
        orders.created_at,
        orders.updated_at,
        orders.closed_at,
        orders.cancel_reason,
        decisions.placed_at,
        decisions.placed_date,
        orders.cancelled_at is not null as is_cancelled,
        decisions.is_returning,
        orders.is_test,
        orders.edited,
        orders.taxes_included,
        orders.total_weight,
        orders.checkout_token,
        orders.cart_token,
        orders.status_token,
        orders.payment_gateways,
        orders.discount_codes,
        orders.tags,
        orders.note,
        orders.buyer_accepts_marketing,
        decisions.processing_method,
        cast(coalesce(totals.line_count, 0) as bigint) as line_count,
        cast(coalesce(totals.units, 0) as bigint) as units
    from orders
    left join decisions using (shop, order_id)
    left join totals using (shop, order_id)
)

select * from described

with

people as (
    select * from {{ ref('people') }}
    where email is not null
),

quarantined as (
    select distinct email from {{ ref('int_quarantined_customers') }}
),

sales as (
    select * from {{ ref('int_people_with_sales') }}
),

rfm as (
    select * from {{ ref('int_people_with_rfm') }}
),

bought as (
    select * from {{ ref('int_people_with_products_bought') }}
),

abandoned as (
    select * from {{ ref('int_people_with_abandoned_checkout') }}
),

re_engagement as (
    select * from {{ ref('re_engagement') }}
    where is_latest
),

properties as (
    select
        ----------  key
        people.email,

        ----------  HubSpot's own
        people.first_name as firstname,
        people.last_name as lastname,
        people.phone,
        coalesce(people.address1 || ', ' || people.address2, people.address1, people.address2)
            as address,
        people.city,
        people.province as state,
        people.zip,
        people.country,

        ----------  Shopify's customer
        people.accepts_marketing as shopify_accepts_marketing,
        people.created_at as shopify_created_at,
        people.note as shopify_note,
        people.orders as shopify_orders_count,
        people.tags as shopify_tags,
        people.tax_exempt as shopify_tax_exempt,
        people.verified_email as shopify_verified_email,
        people.sms_marketing_state as shopify_sms_consent,
        people.customer_ids as shopify_customer_ids,
        people.shops as shopify_stores,

        ----------  purchases; money in the home currency
        sales.total_spent as shopify_total_spent,
        people.average_order_value as shopify_average_order_value,
        people.first_order_at as shopify_first_order_at,
        people.first_order_value as shopify_first_order_value,
        people.first_order_name as shopify_first_order_name,
        people.last_order_at as shopify_last_order_at,
        people.last_order_value as shopify_last_order_value,
        people.last_order_name as shopify_last_order_name,
        bought.last_order_items_html as shopify_last_order_items_html,
        people.median_days_between_orders as shopify_days_between_orders,
        bought.products_bought as shopify_products_bought,

        ----------  current abandoned checkout
        abandoned.recovery_url as shopify_abandoned_checkout_url,
        abandoned.abandoned_at as shopify_abandoned_checkout_at,
        abandoned.total_price as shopify_abandoned_checkout_value,
        abandoned.items as shopify_abandoned_checkout_items,
        abandoned.items_html as shopify_abandoned_checkout_items_html,

        ----------  value
        rfm.recency as shopify_rfm_recency,
        rfm.frequency as shopify_rfm_frequency,
        rfm.monetary as shopify_rfm_monetary,
        rfm.segment as shopify_rfm_segment,
        cast(null as decimal(18, 4)) as shopify_expected_purchases,
        case when sales.total_spent is not null then people.net_sales end as shopify_lifetime_value,

        ----------  provenance
        case when people.is_initial_import then 'INTEGRATION_SYNC' else people.first_source_1 end
            as shopify_original_source_1,
        case when people.is_initial_import then 'integrations-sync' else people.first_source_2 end
            as shopify_original_source_2,

        ----------  workflows
        coalesce(re_engagement.is_enrolled, case when people.orders > 0 then false end)
            as shopify_re_engagement,
        re_engagement.entered_at as shopify_re_engagement_since
    from people
    left join quarantined on people.email = quarantined.email
    left join sales on people.person_key = sales.person_key
    left join rfm on people.person_key = rfm.person_key
    left join bought on people.person_key = bought.person_key
    left join abandoned on people.person_key = abandoned.person_key
    left join re_engagement on people.person_key = re_engagement.person_key
    where quarantined.email is null
)

select * from properties

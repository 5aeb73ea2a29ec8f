with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

attributed as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  first visit
        first_visit.landingPage as landing_site,
        first_visit.referrerUrl as referring_site,
        first_visit.utmParameters.source as first_utm_source,
        first_visit.utmParameters.medium as first_utm_medium,
        first_visit.utmParameters.campaign as first_utm_campaign,
        coalesce(first_visit.utmParameters.source, first_visit.source) as first_source_1,
        coalesce(
            first_visit.utmParameters.campaign,
            first_visit.sourceType,
            first_visit.referrerUrl
        ) as first_source_2,

        ----------  last visit
        last_visit.utmParameters.source as last_utm_source,
        last_visit.utmParameters.medium as last_utm_medium,
        last_visit.utmParameters.campaign as last_utm_campaign
    from orders
)

select * from attributed

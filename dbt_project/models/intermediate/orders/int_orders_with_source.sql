with

orders as (
    select * from {{ ref('orders') }}
),

sourced as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  what brought the order
        coalesce(
            nullif(nullif(lower(first_source_1), 'an unknown source'), '')
            || coalesce(' / ' || lower(first_utm_medium), ''),
            nullif(source_name, 'web')
        ) as first_visit,
        nullif(source_name, '') as source_name,
        {{ first_group('lower(referring_site)', '^(?:https?://)?(?:www[.])?([^/?#:]+)') }}
            as referrer,
        nullif(lower(first_utm_source), '') as first_utm_source,
        nullif(lower(first_utm_medium), '') as first_utm_medium,
        nullif(lower(first_utm_campaign), '') as first_utm_campaign,
        nullif(lower(last_utm_source), '') as last_utm_source,
        nullif(lower(last_utm_medium), '') as last_utm_medium,
        nullif(lower(last_utm_campaign), '') as last_utm_campaign
    from orders
)

select * from sourced

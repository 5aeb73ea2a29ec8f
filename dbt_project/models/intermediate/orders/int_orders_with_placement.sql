with

agreements as (
    select * from {{ ref('int_agreements_with_day') }}
    where event = 'order'
),

placements as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  timestamps
        min(happened_at) as placed_at,
        min(sale_date) as placed_date
    from agreements
    group by shop, order_id
)

select * from placements

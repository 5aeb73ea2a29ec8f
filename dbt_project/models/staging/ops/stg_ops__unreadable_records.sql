with

unreadable_records as (
    select * from {{ source('ops', 'unreadable_records') }}
),

renamed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as record_id,
        case {{ gid_type('id') }}
            when 'Customer' then 'customer'
            when 'Product' then 'product'
            when 'AbandonedCheckout' then 'checkout'
            when 'Order' then 'order'
        end as kind,

        ----------  facts
        record,

        ----------  why
        reason,
        {{ replaced('detail', '[.]$', '') }} as detail
    from unreadable_records
),

typed as (
    select
        *,
        kind || ':' || record_id as source_id
    from renamed
)

select * from typed

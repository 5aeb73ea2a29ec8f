with

initial_imports as (
    select * from {{ source('ops', 'initial_imports') }}
),

renamed as (
    select
        ----------  ids
        shop,

        ----------  timestamps
        min(completed_at) as completed_at
    from initial_imports
    group by shop
)

select * from renamed

{{ config(materialized='replaced_view') }}

{%- set shape = {'taxLines': [{'rate': 'text'}]} %}

with

order_line_items as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'order_line_items') }}
    where deleted_at is null
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as order_line_id,
        {{ gid_tail('parent_id') }} as order_id,

        ----------  nested, opened by the model that needs it
        node.taxLines as tax_lines
    from order_line_items
)

select * from typed

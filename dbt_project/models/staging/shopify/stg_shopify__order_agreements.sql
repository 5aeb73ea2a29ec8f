{%- set shape = {
    'happenedAt': 'text', 'reason': 'text', 'refund': {'id': 'text'},
} -%}

with

order_agreements as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'order_agreements') }}
    where
        deleted_at is null
        and {{ is_unparsed('order_agreements') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_type('id') }} as agreement_type,
        {{ gid_tail('id') }} as agreement_id,
        {{ gid_tail('parent_id') }} as order_id,
        {{ gid_tail('node.refund.id') }} as refund_id,

        ----------  facts
        node.reason,

        ----------  timestamps
        {{ to_timestamp('node.happenedAt') }} as happened_at,

        ----------  what cannot be read
        {{ unreadable({
            'required': ['happenedAt'],
            'gid': ['refund.id'],
            'timestamp': ['happenedAt'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from order_agreements
)

select * from typed

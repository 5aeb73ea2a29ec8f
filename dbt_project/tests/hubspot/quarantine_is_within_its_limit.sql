-- Of no shop's object more is quarantined than the limit allows (CARTWHEEL_QUARANTINE_LIMIT, and
-- always 20 records). What to do: look into hubspot.quarantined_*, correct the records in
-- Shopify, or raise the setting.
with

shares as (
    select * from {{ ref('quarantine_shares') }}
),

past_limit as (
    select * from shares
    where quarantined > 20 and quarantined > records * {{ quarantine_limit() }}
)

select * from past_limit

-- Contacts that HubSpot has under an e-mail that no record has now, and the contacts of the
-- marts to which their Shopify customers belong now
-- (docs/reference/rules.md#an-e-mail-that-changes).
create or replace temp table load_left as
with

left_over as (
    select recorded.kept_at
    from load_recorded as recorded
    anti join hubspot.contacts as contacts on contacts.email = recorded.key
    where recorded.object = 'contacts'
        and recorded.status in ('living', 'deleted_in_hubspot')
)

select
    recorded.key, recorded.hubspot_id, recorded.status,
    unnest(string_split(
        json_extract_string(recorded.properties, '$.shopify_customer_ids'), ';'
    )) as customer
from load_recorded as recorded
join left_over using (kept_at);

create or replace temp table load_successors as
with

customers as (
    select email as key, unnest(string_split(shopify_customer_ids, ';')) as customer
    from hubspot.contacts
    where (select count(*) from load_left) > 0
)

select distinct
    load_left.key as former_key, load_left.hubspot_id, load_left.status, customers.key
from load_left
join customers using (customer);

drop table load_left

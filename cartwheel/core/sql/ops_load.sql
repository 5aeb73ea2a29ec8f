create schema if not exists ops;

-- The journal: what was acknowledged since, batch by batch, until it is compacted into
-- hubspot_records: the values that the record should have now, those that it has in another
-- form, those that were sent (whole: all of them), and those that an adopted record had before.
create table if not exists ops.hubspot_journal (
    run_id varchar not null,
    batch bigint not null,
    request_id varchar,
    object varchar not null,
    key varchar not null,
    hubspot_id varchar,
    fingerprint ubigint,
    properties varchar,
    answered varchar,
    before varchar,
    sent varchar,
    whole boolean not null,
    acknowledged_at timestamp not null,
    status varchar not null
);

-- Every record that was ever written, for audit: `changes` are the properties as HubSpot had
-- them before, and as they were sent. action: create; adopt (HubSpot had the record, its values
-- were read first); update; delete.
create table if not exists ops.hubspot_writes (
    run_id varchar not null,
    batch bigint not null,
    request_id varchar,
    acknowledged_at timestamp not null,
    object varchar not null,
    key varchar not null,
    hubspot_id varchar,
    action varchar not null,
    changes struct(property varchar, old varchar, new varchar)[] not null
);

create or replace view ops.hubspot_written_properties as
select
    writes.* exclude (changes),
    unnest(writes.changes, recursive := true)
from ops.hubspot_writes as writes;

-- stale: one of the records has another id since, so that the association may no longer exist.
create table if not exists ops.hubspot_associations (
    association_type varchar not null,
    from_object varchar not null,
    from_key varchar not null,
    from_id varchar not null,
    to_object varchar not null,
    to_key varchar not null,
    to_id varchar not null,
    acknowledged_at timestamp not null,
    run_id varchar not null,
    stale boolean not null
);

-- Rows quarantined because HubSpot would refuse a value, as of the last load.
create table if not exists ops.hubspot_quarantined (
    object varchar not null,
    key varchar not null,
    fingerprint ubigint,
    reason varchar not null,
    detail varchar not null,
    noted_at timestamp not null,
    run_id varchar not null
);

-- Rejected rows; `fingerprint` is that of the refused row.
create table if not exists ops.hubspot_rejections (
    object varchar not null,
    key varchar not null,
    fingerprint ubigint,
    category varchar,
    reason varchar not null,
    request_id varchar,
    rejected_at timestamp not null,
    run_id varchar not null
);

-- What was rejected, or quarantined for a reason that somebody has to look at, at the end of
-- the last load: what is not in it is newly held back. id_hash holds no personal data.
create table if not exists ops.held_back (
    object varchar not null,
    fate varchar not null,
    id_hash varchar not null,
    run_id varchar not null
);

-- Deals that were sent under another key than the models now give them.
create table if not exists ops.hubspot_keys (
    object varchar not null,
    key varchar not null,
    sent_key varchar not null
);

-- Contacts that were looked up in HubSpot before they were ever sent: its id and its values of
-- the properties that we fill, or null if it has no such contact.
create table if not exists ops.hubspot_lookups (
    object varchar not null,
    key varchar not null,
    hubspot_id varchar,
    properties json,
    looked_up_at timestamp not null
);

-- Contacts in HubSpot's recycle bin, as of the last sweep.
create table if not exists ops.hubspot_archived (
    object varchar not null,
    key varchar not null,
    hubspot_id varchar not null
);

create table if not exists ops.hubspot_sweeps (
    object varchar not null,
    swept_at timestamp not null,
    records bigint not null
);

-- Properties that the account does not let us write, as of the last load.
create table if not exists ops.hubspot_unwritable (
    object varchar not null,
    property varchar not null,
    reason varchar not null
);

-- Properties that are omitted from a record, or shortened: HubSpot refused the value, it
-- is not an option of its list, or the record existed in HubSpot before (ADOPTED).
-- Not sent again until the value changes, or on --retry-rejected. Long values are cut.
create table if not exists ops.hubspot_omitted_properties (
    object varchar not null,
    key varchar not null,
    property varchar not null,
    value varchar not null,
    category varchar not null,
    reason varchar not null,
    request_id varchar,
    run_id varchar not null,
    noted_at timestamp not null
);

-- What the last read-back found different from what was acknowledged; property is null if the
-- whole record was not found.
create table if not exists ops.hubspot_differences (
    run_id varchar not null,
    read_at timestamp not null,
    object varchar not null,
    key varchar not null,
    hubspot_id varchar not null,
    property varchar,
    acknowledged varchar,
    found varchar
);

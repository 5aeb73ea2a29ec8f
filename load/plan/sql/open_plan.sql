-- The plan's tables and what it knows of earlier loads; {records}, {refused},
-- {quarantined}, {associated}, {keys}, {looked_up}, {unwritable} and {omitted} are tables of
-- `ops`, or nothing before the first load. place: the row of hubspot.<object>; kept_at: that
-- of the ledger; product_id and parent_id: HubSpot's ids of a line item's product and deal.
-- By their numbers a few rows among millions are read at once.
create or replace temp table load_plan (
    n bigint, object varchar, key varchar, action varchar, hubspot_id varchar,
    fingerprint ubigint, place bigint, kept_at bigint, product_id varchar,
    parent_id varchar, problem varchar
);

-- the rows whose values are to be computed
create or replace temp table load_window as from load_plan;

create or replace temp view load_recorded as
select
    object, key, hubspot_id, fingerprint, properties::varchar as properties,
    answered::varchar as answered, status,
    rowid as kept_at
from {records};

-- contacts that get a new e-mail, and those that HubSpot had before we sent them
create or replace temp table load_renamed (key varchar, former_key varchar, hubspot_id varchar);

create or replace temp view load_looked_up as
select object, key, hubspot_id, properties::varchar as properties from {looked_up};

create or replace temp view load_acknowledged as from load_recorded;

create or replace temp view load_rejected as
select object, key, fingerprint, category, reason, request_id from {refused};

create or replace temp view load_quarantined as
select object, key, fingerprint, detail from {quarantined};

create or replace temp view load_associated as
select
    association_type, from_object, from_key, from_id, to_object, to_key, to_id, stale,
    to_key as kept_key
from {associated};

-- records that HubSpot has, or will have after the plan's creates
create or replace temp view load_known as
select object, key, hubspot_id from load_acknowledged where status in ('living', 'merged')
union all
select object, key, 'new' as hubspot_id from load_plan where action in ('create', 'adopt');

-- associations that HubSpot lacks; place: the row of hubspot.associations
create or replace temp table load_unassociated (
    association_type varchar, place bigint, from_key varchar, to_key varchar
);

create or replace temp table load_association_plan (
    n bigint, action varchar, association_type varchar,
    from_object varchar, from_key varchar, from_id varchar,
    to_object varchar, to_key varchar, to_id varchar, fingerprint ubigint
);

-- deals whose key in the models is no longer the one they were sent under
create or replace temp table load_sent_keys as
select key, sent_key from {keys} where object = 'deals';

-- the updates' properties that differ
create or replace temp table load_changed (n bigint, names varchar[]);

create or replace temp table load_unwritable as
select object, property, reason from {unwritable};

create or replace temp view load_omitted as
select object, property, category, reason from {omitted};

-- The plan's tables and what it knows of earlier loads; {acknowledged}, {refused} and
-- {associated} are the tables of `ops`, or nothing before the first load.
create or replace temp table load_plan (
    n bigint, object varchar, key varchar, action varchar, hubspot_id varchar,
    desired varchar, acknowledged varchar
);

create or replace temp view load_acknowledged as
select object, key, hubspot_id, properties::varchar as properties, status
from {acknowledged};

create or replace temp view load_refused as
select object, key, properties, category from {refused};

create or replace temp view load_associated as
select association_type, from_object, from_key, from_id, to_object, to_key, to_id
from {associated};

-- records that HubSpot has, or will have once the plan's creates are through
create or replace temp view load_known as
select object, key, hubspot_id from load_acknowledged where status = 'living'
union all
select object, key, 'new' as hubspot_id from load_plan where action = 'create';

create or replace temp table load_association_plan (
    n bigint, action varchar, association_type varchar,
    from_object varchar, from_key varchar, from_id varchar,
    to_object varchar, to_key varchar, to_id varchar
);

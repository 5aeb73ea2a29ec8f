create schema if not exists ops;

-- The labels that setup wrote in HubSpot: place says of what (contacts/shopify_tags,
-- contacts/shopify_tax_exempt/true, contacts/group, pipeline, stage/shipped). former is the label
-- before one that was sent and not acknowledged yet: after a kill either of the two is ours.
create table if not exists ops.hubspot_labels (
    place varchar not null,
    label varchar not null,
    former varchar,
    written_at timestamp not null,
    run_id varchar not null
);

create schema if not exists ops;

-- The workflows that were created in HubSpot, and how: `options` are those of the command, so
-- that a later one can tell what the flow would be now.
create table if not exists ops.hubspot_workflows (
    workflow varchar not null,
    template varchar not null,
    title varchar not null,
    options json not null,
    created_at timestamp not null,
    run_id varchar not null
);

-- What HubSpot has of ours for a workflow, noted at once: kind file, email, list or flow; name is
-- a file's path or else its name; files belong to all workflows and name none. sent is the body
-- that makes it, or a file's hash, former what it was made by before: noted before a change is sent,
-- so that after a kill neither of the two is taken for a person's edit. remote is HubSpot's own
-- hash of a file.
create table if not exists ops.hubspot_workflow_assets (
    workflow varchar not null,
    kind varchar not null,
    name varchar not null,
    hubspot_id varchar not null,
    sent json not null,
    former json,
    remote varchar not null,
    written_at timestamp not null,
    run_id varchar not null
);

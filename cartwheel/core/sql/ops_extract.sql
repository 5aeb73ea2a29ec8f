create schema if not exists ops;

create table if not exists ops.watermarks (
    shop varchar not null,
    resource varchar not null,
    watermark timestamp not null,
    run_id varchar not null,
    moved_at timestamp not null
);

create table if not exists ops.initial_imports (
    shop varchar not null,
    run_id varchar not null,
    completed_at timestamp not null
);

-- The last comparison of all ids of a resource: how many Shopify listed and counted then.
create table if not exists ops.sweeps (
    shop varchar not null,
    resource varchar not null,
    swept_at timestamp not null,
    listed bigint not null,
    counted bigint not null,
    run_id varchar not null
);

-- Records that cannot be read: their JSON as received, and why. One that can be read later is
-- removed.
create table if not exists ops.unreadable_records (
    shop varchar not null,
    resource varchar not null,
    id varchar not null,
    record varchar not null,
    reason varchar not null,
    detail varchar not null,
    payload blob not null,
    updated_at timestamp,
    run_id varchar not null,
    noted_at timestamp not null
);

-- From what statements the tables and macros of raw were made, so that they are not made again.
create table if not exists ops.raw_layout (
    digest varchar not null
);

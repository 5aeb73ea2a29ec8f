create schema if not exists ops;

create table if not exists ops.quality_runs (
    run_id varchar not null,
    started_at timestamp not null,
    success boolean not null,
    checks integer not null,
    failures integer not null,
    warnings integer not null
);

create table if not exists ops.quality_results (
    run_id varchar not null,
    table_name varchar not null,
    measure varchar not null,
    severity varchar not null,
    success boolean not null,
    observed double,
    low double,
    high double
);

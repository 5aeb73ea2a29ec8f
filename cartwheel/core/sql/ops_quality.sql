create schema if not exists ops;

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

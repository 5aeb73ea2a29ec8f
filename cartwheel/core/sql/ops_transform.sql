create schema if not exists ops;

create table if not exists ops.transform_runs (
    started_at timestamp,
    finished_at timestamp,
    status varchar,
    passed integer,
    warned integer,
    failed integer,
    message varchar
);

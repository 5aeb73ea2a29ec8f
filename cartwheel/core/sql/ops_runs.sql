create schema if not exists ops;

-- The runs of every step: reports.sync_health reads them all, before a step has run too.
create table if not exists ops.extract_runs (
    run_id varchar not null,
    shop varchar not null,
    resource varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    status varchar not null,
    rows_seen bigint,
    rows_landed bigint,
    rows_unchanged bigint,
    rows_deleted bigint,
    requests bigint,
    bytes bigint,
    message varchar,
    via varchar,
    points bigint,
    seconds double
);

create table if not exists ops.transform_runs (
    started_at timestamp,
    finished_at timestamp,
    status varchar,
    passed integer,
    warned integer,
    failed integer,
    message varchar
);

create table if not exists ops.quality_runs (
    run_id varchar not null,
    started_at timestamp not null,
    success boolean not null,
    checks integer not null,
    failures integer not null,
    warnings integer not null
);

create table if not exists ops.load_runs (
    run_id varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    status varchar not null,
    writes bigint not null,
    objects json,
    message varchar
);

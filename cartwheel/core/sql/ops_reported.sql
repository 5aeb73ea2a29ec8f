create schema if not exists ops;

-- What the reports and notebooks read, before a step has run too: the runs of every step, what
-- the gate found, and what HubSpot has.
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

-- status: running, succeeded, failed or interrupted. command: cartwheel transform; or dbt build
-- or dbt run, which somebody ran by hand (dbt_project/macros/record_run_by_hand.sql).
create table if not exists ops.transform_runs (
    started_at timestamp,
    finished_at timestamp,
    status varchar,
    passed integer,
    warned integer,
    failed integer,
    message varchar,
    command varchar
);

-- message: what closed the gate or warned, with the first rows by key; empty if nothing did.
create table if not exists ops.quality_runs (
    run_id varchar not null,
    started_at timestamp not null,
    finished_at timestamp not null,
    success boolean not null,
    checks integer not null,
    failures integer not null,
    warnings integer not null,
    message varchar not null
);

-- What the gate found, a row per expectation, and per figure and part (a store).
-- Of an expectation of rows (of_rows), observed of the judged rows fail, and the share `allowed`
-- may; of a figure, observed should lie within low and high, which come from `usual`, the median
-- of earlier_runs. low, high and usual are null where too little stands behind it to judge it.
create table if not exists ops.quality_results (
    run_id varchar not null,
    table_name varchar not null,
    expectation varchar not null,
    part varchar not null,
    severity varchar not null,
    success boolean not null,
    of_rows boolean not null,
    observed double,
    judged bigint not null,
    allowed double,
    low double,
    high double,
    usual double,
    earlier_runs integer not null
);

-- The first rows that failed an expectation in the latest runs, by a key that names no person.
create table if not exists ops.quality_rows (
    run_id varchar not null,
    table_name varchar not null,
    expectation varchar not null,
    key varchar not null
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

-- The HubSpot account of the ledger: one row, once it is known.
create table if not exists ops.hubspot_account (
    portal_id bigint not null,
    since timestamp not null,
    run_id varchar not null
);

-- What HubSpot has acknowledged, a row per record: `properties` are the values that it should
-- have since, `answered` those that its answer has in another form (a phone without spaces; ''
-- where it has none of ours), `fingerprint` a hash of the mart's row that they came from.
-- status: living; archived (by us); deleted_in_hubspot (by a user: never created again); merged
-- (its e-mail is a secondary one of another row's contact: associated, never written).
create table if not exists ops.hubspot_records (
    object varchar not null,
    key varchar not null,
    hubspot_id varchar not null,
    fingerprint ubigint,
    properties json not null,
    answered json,
    acknowledged_at timestamp not null,
    run_id varchar not null,
    status varchar not null
);

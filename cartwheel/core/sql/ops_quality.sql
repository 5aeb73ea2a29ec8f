create schema if not exists ops;

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

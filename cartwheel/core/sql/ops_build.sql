create schema if not exists ops;

-- What the last build saw, a row per input; the table is dropped when a build begins, so that
-- one which did not succeed, or which somebody ran by hand, leaves nothing to rely on.
-- kind: project (the code, vars and versions), relations (the tables and views that there are),
-- source (a table that models read), clock (a model that the time alone changes, at due_at),
-- sync (the settings with which everything was loaded; fingerprint null until then).
create table if not exists ops.build_inputs (
    kind varchar not null,
    name varchar not null,
    fingerprint varchar,
    due_at timestamp,
    seen_at timestamp not null
);

-- What the tests of the models warn of, until they are run again.
create table if not exists ops.build_warnings (
    test varchar not null,
    warning varchar not null
);

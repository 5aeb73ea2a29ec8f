create schema if not exists ops;

-- What each export added to a lake, a row per table that held something else by then: how many
-- rows, and whether the table was written whole. lake is the lake's own id; fingerprint is that
-- of the whole table, so that one which holds the same later is not compared again.
create table if not exists ops.lake_exports (
    lake varchar not null,
    export integer not null,
    table_name varchar not null,
    fingerprint varchar not null,
    rows_added bigint not null,
    whole boolean not null,
    exported_at timestamp not null
);

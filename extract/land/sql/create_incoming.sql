-- The lines of one file. level: 0 a root, 1 its child, 2 a grandchild.
create or replace temp table incoming (
    id varchar,
    parent_id varchar,
    kind varchar,
    level tinyint,
    updated_at timestamp,
    payload_hash uhugeint,
    payload json using compression zstd
);

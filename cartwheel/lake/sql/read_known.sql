-- The versions that the lake has: of each record the newest one, of a history all.
create or replace temp table known as
select shop, id, {known_version} as version
from read_parquet($files, hive_partitioning = true, hive_types = {{'export': integer}})
where export between $first and $last
{grouped};

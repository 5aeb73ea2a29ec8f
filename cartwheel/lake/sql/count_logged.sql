-- How many rows the lake has of a table, former versions included.
select count(*)
from read_parquet($files, hive_partitioning = true, hive_types = {{'export': integer}})
where export between $first and $last;

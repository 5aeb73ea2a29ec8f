create or replace table {table} as
select {columns} from read_parquet($files);

insert into ops.enrolments by name
select * from (select {columns} from read_parquet($files))
anti join ops.enrolments using (workflow, shop, cause_id);

-- The rows of the table that the lake lacks.
create or replace temp table unexported as
select held.row_of_table
from (select rowid as row_of_table, shop, id, {version} as version from {table}) as held
anti join known using (shop, id, version);

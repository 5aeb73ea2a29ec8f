-- The mart of an object, with the number of each row; deals have the key that they were sent
-- under.
create or replace temp view load_{object} as
select
    source.rowid as place,
    source.* {replaced}
from hubspot.{object} as source
{joins}

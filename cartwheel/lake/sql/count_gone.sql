-- How many versions the lake has that the table no longer holds: pruned, or erased.
select count(*)
from known
anti join (select shop, id, {version} as version from {table}) as held using ({key});

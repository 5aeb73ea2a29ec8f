-- Lines that were refused, or that have brackets enough to be nested too deep.
select count(*)
from incoming
where payload is null
    or strlen(payload) - strlen(replace(replace(payload, '[', ''), '{{', '')) >= {deepest};

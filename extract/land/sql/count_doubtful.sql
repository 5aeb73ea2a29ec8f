-- Lines that cannot be read, or that have enough brackets to be nested too deep.
select count(*)
from incoming
where payload is null
    or strlen(payload) - strlen(replace(replace(payload, '[', ''), '{{', '')) >= {deepest};

-- One row per line of the file, its JSON verbatim, or null where it cannot be read. The hash is
-- over canonical JSON, because files of bulk operations write slashes and other characters
-- differently from pages.
insert into incoming
select
    found[1],
    found[2],
    regexp_extract(found[1], '^gid://shopify/(\w+)/', 1),
    case
        when found[2] is null then 0
        when found[2] like 'gid://shopify/' || getvariable('root') || '/%' then 1
        else 2
    end,
    try_cast(found[3] as timestamp),
    md5_number(json(payload)::varchar),
    payload
from (
    select
        json as payload,
        json_extract_string(json, ['$.id', '$.__parentId', '$.updatedAt']) as found
    from read_json_objects(
        getvariable('files'), format = 'newline_delimited', ignore_errors = true
    )
);

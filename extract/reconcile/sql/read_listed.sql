insert into listed
select
    json_extract_string(json, '$.id'),
    try_cast(json_extract_string(json, '$.updatedAt') as timestamp)
from read_json_objects(getvariable('files'), format = 'newline_delimited');

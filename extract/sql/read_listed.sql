insert into listed
select json_extract_string(json, '$.id')
from read_json_objects(getvariable('files'), format = 'newline_delimited');

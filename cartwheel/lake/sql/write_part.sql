copy (
    select {columns}
    from {table}
    {where}
) to '{folder}' (
    format parquet, compression zstd, file_size_bytes '256MB', row_group_size_bytes '64MB'
);

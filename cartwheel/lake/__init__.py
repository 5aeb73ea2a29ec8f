"""The lake: Parquet files through which another engine reads raw and gives back the marts."""

"""The gate between transform and load: what only data can tell, by Great Expectations."""

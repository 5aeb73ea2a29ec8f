"""The models on Apache Spark: a cluster of two workers, compared with DuckDB. Run: make spark."""

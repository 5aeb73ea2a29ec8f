"""The models on Apache Spark, on a cluster of two workers, compared with DuckDB: make spark."""

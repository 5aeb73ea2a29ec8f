"""Fills Postgres with tables: run_fill_postgres.py HOST DATABASE FOLDER.

For the Python that dbt-postgres is installed in. The folder has schema.sql and, a table each,
a CSV file. The statistics are brought up to date, as they would be on a server that has run a
while.
"""

import sys
from pathlib import Path

import psycopg2


def main(host, database, folder):
    """Make the tables, copy the files in, and analyze."""
    connection = psycopg2.connect(host=host, dbname=database, user="peers")
    with connection, connection.cursor() as cursor:
        cursor.execute(Path(folder, "schema.sql").read_text(encoding="utf-8"))
        for path in sorted(Path(folder).glob("*.csv")):
            with path.open(encoding="utf-8") as file:
                cursor.copy_expert(
                    f"copy shopify.\"{path.stem}\" from stdin (format csv, null '\\N')", file
                )
        cursor.execute("analyze")
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The same counts of all files of a folder in DuckDB: one query, grouped by file name."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

from duckdb_fill import source, wanted
from peer import SCORE, THREADS, header


def main() -> None:
    """Prints a line of JSON for each file, with its name, and the seconds of the query in the last one."""
    folder = Path(sys.argv[1])
    columns = header(str(next(folder.rglob("audience.csv"))))
    files = f"{folder}/**/audience.csv"
    figures = ", ".join(wanted(len(columns), columns.index(SCORE)))
    start = time.perf_counter()
    connection = duckdb.connect(config={"threads": THREADS})
    rows = connection.execute(
        f"SELECT filename, {figures} FROM {source(files, len(columns), 'filename=true')} GROUP BY filename"
    ).fetchall()
    seconds = time.perf_counter() - start
    for row in rows:
        print(json.dumps(row))
    print(json.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main()

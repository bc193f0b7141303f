"""The same work in DuckDB: one SQL query, every column read as text.

`count(column)` is the fill count, since DuckDB reads `""` as NULL, like a cell without any byte.
"""

from __future__ import annotations

import duckdb

from peer import BUCKETS, THREADS, Counts, answer


def text(value: str) -> str:
    """An SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def wanted(width: int, score: int | None) -> list[str]:
    """The figures; columns are named by position, so that no header can clash or need quoting."""
    names = [f"c{index}" for index in range(width)]
    figures = ["count(*)", *(f"count({name})" for name in names)]
    if score is not None:
        number = f"CAST({names[score]} AS INT)"
        figures += [f"count(*) FILTER (WHERE {number} BETWEEN {low} AND {high})" for low, high in BUCKETS]
        figures.append(f"avg({number})")
    return figures


def source(path: str, width: int, *more: str) -> str:
    """The file, or the files that a pattern fits."""
    types = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(width))
    options = ["header=true", "delim=','", "quote='\"'", "escape='\"'", f"columns={{{types}}}", "auto_detect=false"]
    return f"read_csv({text(path)}, {', '.join([*options, *more])})"


def query(path: str, width: int, score: int | None) -> str:
    """The query."""
    return f"SELECT {', '.join(wanted(width, score))} FROM {source(path, width)}"


def count(path: str, columns: list[str], score: int | None) -> Counts:
    """Counts with as many threads as every peer gets."""
    width = len(columns)
    connection = duckdb.connect(config={"threads": THREADS})
    row = connection.execute(query(path, width, score)).fetchone()
    assert row is not None, "an aggregate always has one row"
    if score is None:
        return Counts(row[0], list(row[1:]))
    return Counts(row[0], list(row[1 : width + 1]), list(row[width + 1 : -1]), row[-1])


if __name__ == "__main__":
    answer(count)

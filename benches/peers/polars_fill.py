"""The same work in Polars: a lazy scan on the streaming engine, every column read as text.

Polars tells `""` from a cell without any byte, so cells are compared with the empty string: `count()` would take the
former for filled.
"""

from __future__ import annotations

import os

from peer import BUCKETS, THREADS, Counts, answer

# Read once, when the library is loaded.
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import polars as pl  # noqa: E402


def wanted(names: list[str], score: int | None) -> list[pl.Expr]:
    """Every figure as one expression, so that the file is scanned once."""
    figures = [pl.len().alias("records")]
    figures += [(pl.col(name) != "").sum().alias(f"filled {index}") for index, name in enumerate(names)]
    if score is not None:
        number = pl.col(names[score]).cast(pl.Int64, strict=False)
        figures += [number.is_between(low, high).sum().alias(f"bucket {low}") for low, high in BUCKETS]
        figures.append(number.mean().alias("average"))
    return figures


def count(path: str, columns: list[str], score: int | None) -> Counts:
    """Counts; columns are named by position, since Polars refuses to have two of one name."""
    width = len(columns)
    names = [f"c{index}" for index in range(width)]
    scan = pl.scan_csv(path, infer_schema=False, empty_string_is_null=False, new_columns=names)
    row = scan.select(wanted(names, score)).collect(engine="streaming").row(0)
    if score is None:
        return Counts(row[0], list(row[1:]))
    return Counts(row[0], list(row[1 : width + 1]), list(row[width + 1 : -1]), row[-1])


if __name__ == "__main__":
    answer(count)

"""The same work in PyArrow: every column read as text, line ends inside quotes allowed.

Without `--whole` the file is streamed (`open_csv`), in little memory, but PyArrow parses on one thread then; with it
the whole file becomes a table (`read_csv`) on all threads, in memory of the file's size and more. Both are compared:
neither is the better one everywhere.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from peer import BUCKETS, THREADS, Counts, answer

# The default, 1 MiB, took half as long again on 200 MB of audience; 16 and 64 MiB gained nothing.
BLOCK_BYTES = 4 << 20


def batches(path: str, names: list[str]) -> Iterable[pa.RecordBatch]:
    """The file's records, piece by piece."""
    options = {
        "read_options": csv.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK_BYTES),
        "parse_options": csv.ParseOptions(newlines_in_values=True),
        "convert_options": csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    }
    if "--whole" in sys.argv:
        return csv.read_csv(path, **options).to_batches()
    return csv.open_csv(path, **options)


def filled(column: pa.Array) -> int:
    """How many cells have at least one byte."""
    return pc.sum(pc.not_equal(column, "")).as_py() or 0


def numbers(column: pa.Array) -> pa.Array:
    """The scores of the cells that have one."""
    return column.filter(pc.not_equal(column, "")).cast(pa.int64())


def in_bucket(scores: pa.Array, low: int, high: int) -> int:
    """How many scores lie between the two, ends inclusive."""
    inside = pc.and_(pc.greater_equal(scores, low), pc.less_equal(scores, high))
    return pc.sum(inside).as_py() or 0


def count(path: str, columns: list[str], score: int | None) -> Counts:
    """Counts batch by batch, and adds up."""
    pa.set_cpu_count(THREADS)
    pa.set_io_thread_count(THREADS)
    width = len(columns)
    total = Counts(0, [0] * width)
    buckets, summed, scored = [0] * len(BUCKETS), 0, 0
    for batch in batches(path, [f"c{index}" for index in range(width)]):
        total.records += batch.num_rows
        total.filled = [sum_ + filled(column) for sum_, column in zip(total.filled, batch.columns, strict=True)]
        if score is not None:
            scores = numbers(batch.column(score))
            buckets = [sum_ + in_bucket(scores, *ends) for sum_, ends in zip(buckets, BUCKETS, strict=True)]
            summed += pc.sum(scores).as_py() or 0
            scored += len(scores)
    if score is not None:
        total.buckets, total.average = buckets, summed / scored if scored else None
    return total


if __name__ == "__main__":
    answer(count)

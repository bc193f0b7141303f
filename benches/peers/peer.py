"""What the scripts of the Python peers share: the header, the clock and the shape of the answer.

Only what is no work worth timing is shared; how a peer counts is its own script's business.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

SCORE = "intent.score"
BUCKETS = ((50, 69), (70, 89), (90, 99))
THREADS = 2


@dataclass
class Counts:
    """What a peer found: `filled` in the file's column order, the rest absent in a file without scores."""

    records: int
    filled: list[int]
    buckets: list[int] | None = None
    average: float | None = None


def header(path: str) -> list[str]:
    """The column names, read apart so that no peer has to guess types or names."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def answer(count: Callable[[str, list[str], int | None], Counts]) -> None:
    """Runs `count(path, columns, index of the score)` and prints its answer as one JSON line.

    The seconds are the peer's own, without the interpreter's start and the import of the library: they show how much
    of the whole process is Python's share.
    """
    path = sys.argv[1]
    columns = header(path)
    score = columns.index(SCORE) if SCORE in columns else None
    start = time.perf_counter()
    counts = count(path, columns, score)
    seconds = time.perf_counter() - start
    print(json.dumps({"columns": columns, **vars(counts), "seconds": seconds}))

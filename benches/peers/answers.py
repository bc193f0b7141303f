"""One form for everybody's answer, and what differs between two of them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass

SCORE = "intent.score"
# fillrate prints an average to six decimals, rounded half up; one more step is left to a peer's floating point.
AVERAGE_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Answer:
    """The figures of a file; None is what a tool does not tell."""

    records: int
    columns: list[str] | None = None
    filled: list[int] | None = None
    buckets: list[int] | None = None
    average: float | None = None
    # The tool's own time, without its start.
    inside: float | None = None


def of_fillrate(text: str) -> Answer:
    """From `fillrate stats --format json`; in a file without scores the figures about them are left out."""
    parsed = json.loads(text)
    stats, columns = parsed["stats"], parsed["columns"]
    scored = parsed["scores"] is not None
    average = stats["averages"].get(SCORE) if scored else None
    return Answer(
        records=stats["total"],
        columns=[column["name"] for column in columns],
        filled=[column["filled"] for column in columns],
        buckets=[bucket["count"] for bucket in stats["scoreHistogram"]] if scored else None,
        average=None if average is None else float(average),
    )


def of_script(text: str) -> Answer:
    """From one of the scripts beside this file."""
    parsed = json.loads(text)
    return Answer(inside=parsed.pop("seconds"), **parsed)


def of_xan_stats(text: str) -> Answer:
    """From `xan stats`, a CSV with a row per column; it knows no buckets."""
    rows = list(csv.DictReader(io.StringIO(text)))
    totals = {int(row["count"]) + int(row["count_empty"]) for row in rows}
    if len(totals) != 1:
        raise ValueError(f"the columns have {sorted(totals)} records")
    mean = next((row["mean"] for row in rows if row["field"] == SCORE), "")
    return Answer(
        records=totals.pop(),
        columns=[row["field"] for row in rows],
        filled=[int(row["count"]) for row in rows],
        average=float(mean) if mean else None,
    )


def of_count(text: str) -> Answer:
    """From a tool that only counts records."""
    return Answer(records=int(text.replace(",", "").replace("_", "")))


def first_difference(ours: Answer, theirs: Answer, compared: tuple[str, ...]) -> str | None:
    """The first of the compared figures that is not ours, in words.

    A figure that should be there and is not differs as well; figures that the file itself has not are not asked for.
    """
    for name in compared:
        mine, other = getattr(ours, name), getattr(theirs, name)
        if mine is None and name in ("buckets", "average"):
            continue
        if not same(mine, other):
            return difference(name, mine, other, ours.columns or [])
    return None


def same(mine: object, other: object) -> bool:
    """Equal, or for averages equal as far as they are printed."""
    if isinstance(mine, float) and isinstance(other, (int, float)):
        return abs(mine - other) <= AVERAGE_TOLERANCE
    return mine == other


def difference(name: str, mine: object, other: object, columns: list[str]) -> str:
    """Names the one figure of a list that differs, not the list."""
    if isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        index = next(index for index, pair in enumerate(zip(mine, other, strict=True)) if pair[0] != pair[1])
        place = columns[index] if name == "filled" else str(index + 1)
        return f"{name} [{place}]: {other[index]} instead of {mine[index]}"
    if isinstance(mine, list) and isinstance(other, list):
        return f"{name}: {len(other)} figures instead of {len(mine)}"
    return f"{name}: {other} instead of {mine}"

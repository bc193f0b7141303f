"""Who is compared: the commands, how their answers are read, and which figures they owe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import answers
from answers import Answer
from peer import THREADS
from tools import HERE, Tools

EVERYTHING = ("records", "columns", "filled", "buckets", "average")
OURS, OURS_ALONE = f"fillrate, {THREADS} threads", "fillrate, 1 thread"
LINES = "wc -l"


@dataclass(frozen=True)
class Contestant:
    """A command, with `owes` naming the figures that must equal ours before it is timed."""

    name: str
    command: list[str]
    read: Callable[[str], Answer] | None = None
    owes: tuple[str, ...] = ()
    # fillrate's 1 says that the figures are complete and the file is unsound.
    good: tuple[int, ...] = (0,)
    # Does all of our work, or nearly; else it is a floor.
    same_work: bool = False
    discard: bool = False
    # Where its output stays, for others than this process to read.
    out: Path | None = None

    @property
    def reads(self) -> bool:
        """Whether it is given a file at all, so that a speed makes sense."""
        return len(self.command) > 1

    @property
    def shown(self) -> str:
        """The command as published: no folder of this machine."""
        words = [Path(word).name if "/" in word else word for word in self.command]
        return " ".join(words) + (" >/dev/null" if self.discard else "")


def fillrate(tools: Tools, file: Path, threads: int) -> Contestant:
    """Ours."""
    name = OURS if threads == THREADS else OURS_ALONE
    command = [str(tools.fillrate), "stats", str(file), "--format", "json", "--threads", str(threads)]
    return Contestant(name, command, answers.of_fillrate, EVERYTHING, good=(0, 1), same_work=True)


def script(name: str, tools: Tools, file: Path, *more: str) -> Contestant:
    """One of the Python peers."""
    command = [str(tools.python), "-B", str(HERE / f"{name.split()[0].lower()}_fill.py"), str(file), *more]
    return Contestant(name, command, answers.of_script, EVERYTHING, same_work=True)


def xan(tools: Tools, file: Path) -> list[Contestant]:
    """xan, whose statistics have no buckets and whose counts are floors."""
    if not tools.xan:
        return []
    program, path = str(tools.xan), str(file)
    stats = ("records", "columns", "filled", "average")
    threads = ["-t", str(THREADS)]
    return [
        Contestant("xan stats", [program, "stats", *threads, path], answers.of_xan_stats, stats, same_work=True),
        Contestant("xan count", [program, "count", path], answers.of_count, ("records",)),
        Contestant(
            "xan parallel count", [program, "parallel", "count", *threads, path], answers.of_count, ("records",)
        ),
    ]


def all_of(tools: Tools, file: Path) -> list[Contestant]:
    """Everybody, in the order of a round; fillrate first, since all others are compared with it."""
    return [
        fillrate(tools, file, THREADS),
        fillrate(tools, file, 1),
        script("DuckDB", tools, file),
        script("Polars", tools, file),
        script("PyArrow streamed", tools, file),
        script("PyArrow whole", tools, file, "--whole"),
        *xan(tools, file),
        Contestant(LINES, ["wc", "-l", str(file)]),
        Contestant("cat", ["cat", str(file)], discard=True),
        # What starting any process costs here: nobody can be faster than that.
        Contestant("true", ["true"]),
    ]

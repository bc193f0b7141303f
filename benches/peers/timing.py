"""Whole processes, timed in interleaved rounds."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from contestants import Contestant
from machine import CoreClock

MOST_STEAL = 0.01
# Not a reason to drop a round, since it is in our hands, but to say so: steal time tells nothing of other programs.
MOST_OTHERS = 0.03


@dataclass(frozen=True)
class Run:
    """One process from start to exit, with what the kernel says it used."""

    seconds: float
    user: float
    system: float
    peak_bytes: int
    status: int
    output: str
    errors: str


@dataclass(frozen=True)
class Round:
    """One run of every contestant, in turn."""

    steal: float
    others: float
    runs: dict[str, Run]

    @property
    def quiet(self) -> bool:
        """Whether the machine was ours."""
        return self.steal <= MOST_STEAL


@dataclass(frozen=True)
class Spread:
    """A figure over the rounds."""

    middle: float
    least: float
    most: float


def run(contestant: Contestant, folder: Path) -> Run:
    """Runs one process, its output going to a file as a user's would; `cat` alone writes to nowhere."""
    out, err = contestant.out or folder / "stdout", folder / "stderr"
    sink = Path(os.devnull) if contestant.discard else out
    with sink.open("wb") as stdout, err.open("wb") as stderr:
        start = time.perf_counter()
        process = subprocess.Popen(contestant.command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr)
        # Not `wait`: only this gives the resources of that one child.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        seconds=seconds,
        user=usage.ru_utime,
        system=usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
        status=process.returncode,
        output="" if contestant.discard or contestant.out else out.read_text(errors="replace"),
        errors=err.read_text(errors="replace"),
    )


def one_round(contestants: list[Contestant], folder: Path) -> Round:
    """A B C …: a machine that gets slower for a minute does so for all."""
    clock = CoreClock()
    started = time.process_time()
    runs = {contestant.name: run(contestant, folder) for contestant in contestants}
    ours = time.process_time() - started + sum(each.user + each.system for each in runs.values())
    return Round(*clock.shares(ours), runs)


def rounds(
    contestants: list[Contestant], folder: Path, wanted: int, most: int, check: Callable[[Round], None]
) -> list[Round]:
    """A warm-up that nobody sees, then rounds until `wanted` of them were quiet, or `most` in all.

    `check` sees each round, so that a wrong answer that comes once in a while is not timed either.
    """
    check(one_round(contestants, folder))
    done: list[Round] = []
    while sum(each.quiet for each in done) < wanted and len(done) < most:
        done.append(one_round(contestants, folder))
        check(done[-1])
    return done


def spread(name: str, kept: list[Round], figure: Callable[[Run], float]) -> Spread:
    """Median, minimum and maximum of a contestant's figure."""
    values = [figure(each.runs[name]) for each in kept]
    return Spread(median(values), min(values), max(values))

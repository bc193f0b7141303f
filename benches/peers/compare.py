#!/usr/bin/env python3
"""Compares fillrate with DuckDB, Polars, PyArrow and xan on one file: answers first, then time.

One command builds, installs, makes the file, compares and writes benches/results/<date>-<shape>-<size>.md. The rules
are those of README.md beside this file. Exit status: 0 the result is written, 2 it could not be done.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

# Before our own modules are loaded: nothing is left behind in the checkout.
sys.dont_write_bytecode = True

import contestants  # noqa: E402
import machine  # noqa: E402
import report  # noqa: E402
import shapes  # noqa: E402
import timing  # noqa: E402
import tools as programs  # noqa: E402
from answers import Answer, first_difference  # noqa: E402
from contestants import Contestant  # noqa: E402
from tools import say  # noqa: E402

FEWEST_ROUNDS = 10
# Rounds in all, for each one wanted: on a machine that is never quiet it has to end some time.
PATIENCE = 3


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ", ".join(f"{shape.letter} {shape.name}" for shape in shapes.SHAPES)
    parser.add_argument("--shape", type=shapes.parse_shape, default="audience", help=f"letter or name: {names}")
    parser.add_argument("--size", default="1GB", help="size of the file, as in 50MB (default: 1GB)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other data (default: 1)")
    parser.add_argument("--rounds", type=int, default=FEWEST_ROUNDS, help="quiet rounds to keep (default: 10)")
    parser.add_argument("--trial", action="store_true", help="allow fewer rounds; print the result, write no file")
    parser.add_argument("--fillrate", type=Path, metavar="PATH", help="this binary instead of a new build")
    parser.add_argument("--work", type=Path, metavar="DIR", help="where files are made (default: in the target folder)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="the result's file, with --trial too")
    arguments = parser.parse_args()
    if arguments.rounds < (1 if arguments.trial else FEWEST_ROUNDS):
        parser.error(f"fewer than {FEWEST_ROUNDS} rounds say nothing; try something out with --trial")
    try:
        shapes.parse_size(arguments.size)
    except argparse.ArgumentTypeError as error:
        parser.error(str(error))
    return arguments


def sample(tools: programs.Tools, folder: Path, size: str, seed: int) -> tuple[Path, str]:
    """An audience by `fillrate sample`, and the command as published."""
    command = [str(tools.fillrate), "sample", str(folder), "--size", size, "--seed", str(seed), "--force"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder / "audience.csv", f"fillrate sample DIR --size {size} --seed {seed}"


def make_file(arguments: argparse.Namespace, tools: programs.Tools, work: Path) -> tuple[Path, list[str]]:
    """The file to be read, and the commands that made it. Made anew each time: a generator may have changed."""
    shape, size, seed = arguments.shape, arguments.size, arguments.seed
    say(f"making {size} of {shape.name}")
    if shape.letter == "A":
        path, command = sample(tools, work, size, seed)
        return path, [command]
    commands, given, path = [], [], work / f"{shape.name}.csv"
    if shape.of_audience:
        audience, command = sample(tools, work, f"{shapes.BLOCK_BYTES + 100_000}B", seed)
        commands.append(command)
        given = ["--audience", str(audience)]
    # A process of its own: its memory would be seen in the peaks of all that this one starts.
    options = ["--size", size, "--seed", str(seed), *given]
    subprocess.run([sys.executable, "-B", shapes.__file__, shape.letter, str(path), *options], check=True)
    shown = " ".join(options).replace(str(work), "DIR")
    commands.append(f"python3 benches/peers/shapes.py {shape.letter} {path.name} {shown}")
    return path, commands


def answer_of(contestant: Contestant, run: timing.Run, work: Path) -> Answer | str | None:
    """The answer, or why there is none; None where nothing is asked for."""
    if run.status not in contestant.good:
        told = run.errors.strip().replace(str(work), "…").splitlines() or ["no message"]
        # Python's last line names the error, everybody else's first one does.
        line = told[-1] if contestant.command[0].endswith("python") else told[0]
        return f"failed with exit status {run.status}: {line[:160]}"
    if contestant.read is None:
        return None
    try:
        return contestant.read(run.output)
    except (ValueError, KeyError, TypeError) as error:
        return f"failed with an answer that cannot be read ({type(error).__name__}: {error})"


def refusal(contestant: Contestant, run: timing.Run, ours: Answer, work: Path) -> str | None:
    """Why a contestant must not be timed."""
    answer = answer_of(contestant, run, work)
    if isinstance(answer, Answer):
        difference = first_difference(ours, answer, contestant.owes)
        return difference and f"different: {difference}"
    return answer


def compare_answers(everybody: list[Contestant], work: Path) -> tuple[Answer, dict[str, str]]:
    """Our answer, and by name why others are refused."""
    first = everybody[0]
    ours = answer_of(first, timing.run(first, work), work)
    if not isinstance(ours, Answer):
        raise RuntimeError(f"{first.name}: {ours}")
    refused = {}
    for contestant in everybody:
        reason = refusal(contestant, timing.run(contestant, work), ours, work)
        say(f"  {contestant.name}: {reason or ('agrees' if contestant.owes else 'runs')}")
        if reason:
            refused[contestant.name] = reason
    if contestants.OURS_ALONE in refused:
        raise RuntimeError(f"fillrate differs from itself: {refused[contestants.OURS_ALONE]}")
    return ours, refused


def measure(arguments: argparse.Namespace, target: Path, work: Path) -> report.Result:
    """Everything from the build to the last round."""
    load = machine.load()
    tools = programs.prepare(arguments.fillrate, target)
    path, commands = make_file(arguments, tools, work)
    sha256 = machine.warm(path)
    everybody = contestants.all_of(tools, path)
    say("comparing answers")
    ours, refused = compare_answers(everybody, work)
    timed = [contestant for contestant in everybody if contestant.name not in refused]

    def check(one: timing.Round) -> None:
        for contestant in timed:
            reason = refusal(contestant, one.runs[contestant.name], ours, work)
            if reason:
                raise RuntimeError(f"{contestant.name} answered well at first, then: {reason}")
        seconds = sum(run.seconds for run in one.runs.values())
        say(f"  a round of {seconds:.1f} s, {one.steal:.2%} steal, {one.others:.1%} others")

    say(f"timing {len(timed)} commands: a warm-up, then at least {arguments.rounds} rounds")
    done = timing.rounds(timed, work, arguments.rounds, arguments.rounds * PATIENCE, check)
    shape = arguments.shape
    return report.Result(
        date=datetime.date.today().isoformat(),
        machine=machine.describe(),
        load=load,
        subject=report.Subject(
            title=f"Shape {shape.letter} ({shape.name}), {arguments.size}: {shape.about}",
            made_by=commands,
            size=path.stat().st_size,
            sha256=sha256,
            records=ours.records,
            columns=len(ours.columns or []),
        ),
        versions=tools.versions,
        contestants=everybody,
        refused=refused,
        rounds=done,
        wanted=arguments.rounds,
        smallest_peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    )


def main() -> int:
    """Measures, then prints the result and writes it."""
    arguments = parse_arguments()
    try:
        target = programs.target_folder()
        folder = arguments.work or target / "peers" / "work"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.resolve()) as work:
            result = measure(arguments, target, Path(work))
    except (OSError, RuntimeError, ValueError, subprocess.CalledProcessError) as error:
        say(f"error: {error}")
        return 2
    text = report.markdown(result)
    print(text)
    name = f"{result.date}-{arguments.shape.name}-{arguments.size}.md"
    out = arguments.out or (None if arguments.trial else programs.REPOSITORY / "benches" / "results" / name)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
        say(f"written: {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

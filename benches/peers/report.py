"""The result as Markdown: what was compared on what, two tables, and the ratios."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from contestants import LINES, OURS, OURS_ALONE, Contestant
from timing import MOST_OTHERS, MOST_STEAL, Round, Spread, spread


@dataclass(frozen=True)
class Subject:
    """The file that was read."""

    title: str
    made_by: list[str]
    size: int
    sha256: str
    records: int
    columns: int


@dataclass(frozen=True)
class Result:
    """All that a report tells."""

    date: str
    machine: str
    load: float
    subject: Subject
    versions: dict[str, str]
    contestants: list[Contestant]
    # By name: why a contestant was not timed.
    refused: dict[str, str]
    rounds: list[Round]
    wanted: int
    smallest_peak: int

    @property
    def quiet(self) -> list[Round]:
        """The rounds that count."""
        return [each for each in self.rounds if each.quiet]

    @property
    def kept(self) -> list[Round]:
        """The quiet rounds; on a machine that is never quiet all of them, with a warning."""
        return self.quiet or self.rounds

    def seconds(self, name: str) -> Spread | None:
        """None for a contestant that was not timed."""
        if name in self.refused or name not in self.kept[0].runs:
            return None
        return spread(name, self.kept, lambda run: run.seconds)

    def inside(self, contestant: Contestant) -> str:
        """A tool's own seconds, where it tells them."""
        read = contestant.read
        told = [read(each.runs[contestant.name].output).inside for each in self.kept] if read else []
        seconds = [each for each in told if each is not None]
        return short(median(seconds)) if seconds else "–"


def row(*cells: object) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def head(*names: str) -> list[str]:
    """A header: the first column is text, all others are numbers."""
    return [row(*names), row("---", *["---:"] * (len(names) - 1))]


def short(seconds: float) -> str:
    """Three decimals, or four where three would say little."""
    return f"{seconds:.3f}" if seconds >= 0.1 else f"{seconds:.4f}"


def times(ratio: float) -> str:
    """A ratio to about two digits more than its noise deserves."""
    return f"{ratio:.1f}×" if ratio >= 10 else f"{ratio:.2f}×"


def contestant_row(result: Result, contestant: Contestant, with_inside: bool) -> str:
    """One contestant's figures, or why there are none."""
    ours, mine = result.seconds(OURS), result.seconds(contestant.name)
    if not ours or not mine:
        blanks = ["–"] * (9 if with_inside else 8)
        return row(contestant.name, result.refused[contestant.name], *blanks)
    subject, kept = result.subject, result.kept
    user = spread(contestant.name, kept, lambda run: run.user).middle
    system = spread(contestant.name, kept, lambda run: run.system).middle
    peak = spread(contestant.name, kept, lambda run: run.peak_bytes).middle
    return row(
        contestant.name,
        *map(short, (mine.middle, mine.least, mine.most)),
        *([result.inside(contestant)] if with_inside else []),
        f"{user:.2f}",
        f"{system:.2f}",
        f"{peak / 1e6:,.0f}",
        f"{subject.size / mine.middle / 1e9:.2f}" if contestant.reads else "–",
        f"{subject.records * subject.columns / mine.middle / 1e6:,.0f}" if contestant.reads else "–",
        times(mine.middle / ours.middle),
    )


def table(result: Result, same_work: bool) -> list[str]:
    """The contestants that do our work, or those that do less beside ours."""
    names = ["whole process", "median s", "min", "max", "user s", "sys s", "peak MB", "GB/s", "Mcells/s", "× ours"]
    if same_work:
        names.insert(4, "inside s")
    shown = [
        contestant
        for contestant in result.contestants
        if contestant.same_work == same_work or contestant.name in (OURS, OURS_ALONE)
    ]
    return head(*names) + [contestant_row(result, contestant, same_work) for contestant in shown]


def conclusion(result: Result) -> list[str]:
    """The ratios, which are what is worth quoting."""
    ours, alone, lines = (result.seconds(name) for name in (OURS, OURS_ALONE, LINES))
    timed = {each.name: result.seconds(each.name) for each in result.contestants if each.same_work}
    peers = {name: took.middle for name, took in timed.items() if took and not name.startswith("fillrate")}
    told = []
    if ours and peers:
        libraries = {name: took for name, took in peers.items() if not name.startswith("xan")}
        if libraries:
            fastest = min(libraries, key=libraries.__getitem__)
            ratio = times(peers[fastest] / ours.middle)
            told.append(f"- Fastest of DuckDB, Polars and PyArrow: **{fastest}, {ratio}**.")
        told += [f"- {name}: **{times(peers[name] / ours.middle)}**." for name in peers if name.startswith("xan")]
    counted = result.seconds("xan parallel count")
    if ours and counted:
        told.append(f"- xan parallel count, far less work: **{times(counted.middle / ours.middle)}**.")
    if ours and alone and lines:
        one, two = alone.middle / lines.middle, ours.middle / lines.middle
        told.append(f"- Our time over `wc -l`: **{one:.2f}** on one thread, **{two:.2f}** on two.")
        told.append(f"- From one thread to two: {times(alone.middle / ours.middle)}.")
    return told


def noise(result: Result) -> str:
    """How many rounds count, and how the others were lost."""
    dropped = len(result.rounds) - len(result.quiet)
    steal = [each.steal for each in result.rounds]
    others = median(each.others for each in result.kept)
    text = (
        f"{len(result.quiet)} quiet rounds of {len(result.rounds)} (wanted: {result.wanted}); {dropped} dropped for "
        f"more than {MOST_STEAL:.0%} steal time; steal {min(steal):.2%} to {max(steal):.2%}; "
        f"other programs took {others:.1%} of the cores; load before: {result.load:.2f}."
    )
    if others > MOST_OTHERS:
        text += " **The machine was not ours alone: quote nothing of this.**"
    if not result.quiet:
        text += " **No round was quiet: these are figures of all of them, and none is worth quoting.**"
    elif len(result.quiet) < result.wanted:
        text += " **Fewer than wanted.**"
    return text


def markdown(result: Result) -> str:
    """The whole file."""
    subject = result.subject
    lines = [
        f"# {subject.title}",
        "",
        "Whole processes, **warm** (the file was put into the page cache by reading it), one warm-up, then interleaved",
        "rounds; medians. Every answer was compared with fillrate's first, and again in every round; who differs has",
        "no time.",
        "",
        f"- {result.date}: {result.machine}.",
        f"- File: {subject.size:,} bytes, {subject.records:,} records, {subject.columns} columns, SHA-256 "
        f"`{subject.sha256}`.",
        *(f"- Made by `{command}`" for command in subject.made_by),
        f"- Rounds: {noise(result)}",
        "- Versions: " + ", ".join(f"{name} {version}" for name, version in result.versions.items()) + ".",
        "",
        "## Same work",
        "",
        "Records, the fill count of every column and, where the file has scores, three buckets and the average.",
        "`xan stats` has no buckets, but other statistics instead; fillrate counts blank cells, placeholders and",
        "findings besides. *Inside* is a library's own time, without the start of Python and the import.",
        "",
        *table(result, same_work=True),
        "",
        "## Floors: less work than ours",
        "",
        *table(result, same_work=False),
        "",
        "Peaks count the mapped file where one is mapped, and cannot be below "
        f"{result.smallest_peak / 1e6:.0f} MB, which the kernel",
        "carries over from the process that starts the others. MB and GB are decimal.",
        "",
        "## Conclusion",
        "",
        *conclusion(result),
        "",
        "## Commands",
        "",
        *(f"- {contestant.name}: `{contestant.shown}`" for contestant in result.contestants),
        "",
    ]
    return "\n".join(lines)

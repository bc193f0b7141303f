"""The machine: what it is, what its hypervisor takes away, and which file its page cache holds."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from pathlib import Path

READ_BYTES = 1 << 20
# Of the numbers behind `cpu` in /proc/stat: guest time (8, 9) is already part of user time (0, 1).
IDLE, STEAL, COUNTED = (3, 4), 7, 8


def describe() -> str:
    """Model, cores, memory and kernel on one line; no host name."""
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    total = re.search(r"^MemTotal:\s*(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    memory = f"{int(total[1]) / 2**20:.0f} GiB" if total else "unknown memory"
    name = f"{model[1]} ({isa()})" if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {memory}, {platform.system()} {platform.release()}"


def isa() -> str:
    """The widest vectors that matter to a scanner: a model name such as `AMD EPYC` does not tell."""
    flags = re.search(r"^flags\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    known = set(flags[1].split()) if flags else set()
    names = {"avx512bw": "AVX-512BW", "avx2": "AVX2"}
    return next((name for flag, name in names.items() if flag in known), "no AVX2")


def load() -> float:
    """How many programs wanted a core before we came."""
    return os.getloadavg()[0]


class CoreClock:
    """Where the cores' time has gone since the clock was made."""

    def __init__(self) -> None:
        self.start = self.read()

    @staticmethod
    def read() -> tuple[int, int, int]:
        """Stolen, busy and all time, in ticks."""
        ticks = [int(text) for text in Path("/proc/stat").read_text().splitlines()[0].split()[1:]][:COUNTED]
        total = sum(ticks)
        return ticks[STEAL], total - ticks[STEAL] - sum(ticks[index] for index in IDLE), total

    def shares(self, ours: float) -> tuple[float, float]:
        """What the hypervisor took, and what other programs here took when `ours` were our seconds."""
        stolen, busy, total = (now - then for now, then in zip(self.read(), self.start, strict=True))
        if not total:
            return 0.0, 0.0
        return stolen / total, max(busy - ours * os.sysconf("SC_CLK_TCK"), 0) / total


def warm(path: Path) -> str:
    """Puts the file into the page cache by reading it, and gives the SHA-256 of what was read.

    What the generator left there is dropped first: pages that come from writing are of other sizes than those from
    reading, and a downloaded file that somebody counts twice has the latter.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while piece := file.read(READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()

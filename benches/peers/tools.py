"""The programs that are compared: fillrate is built, the peers are installed beside it and never system-wide."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
REQUIREMENTS = HERE / "requirements.txt"
XAN_VERSION = "0.61.0"


@dataclass(frozen=True)
class Tools:
    """Where the programs are, and what they say they are."""

    fillrate: Path
    python: Path
    xan: Path | None
    versions: dict[str, str]


def say(text: str) -> None:
    """Progress goes to stderr: stdout is the result's."""
    print(text, file=sys.stderr, flush=True)


def output(*command: str | Path) -> str:
    """What a program prints; its failure is ours."""
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=REPOSITORY).stdout.strip()


def target_folder() -> Path:
    """Cargo's target folder, wherever its settings put it."""
    metadata = output("cargo", "metadata", "--no-deps", "--format-version", "1")
    return Path(json.loads(metadata)["target_directory"])


def build_fillrate(target: Path) -> Path:
    """The release binary, built from what is in the checkout."""
    say("building fillrate")
    subprocess.run(["cargo", "build", "--release", "-p", "fillrate-cli"], check=True, cwd=REPOSITORY, stdout=sys.stderr)
    return target / "release" / "fillrate"


def install_python_peers(folder: Path) -> Path:
    """A virtual environment with the pinned peers; pip does nothing when they are there."""
    python = folder / "bin" / "python"
    if not python.exists():
        say("making a virtual environment")
        venv.create(folder, with_pip=True)
    command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(REQUIREMENTS)]
    subprocess.run([str(python), *command], check=True, stdout=sys.stderr)
    return python


def install_xan(folder: Path) -> Path | None:
    """xan, compiled apart from our own target folder; without it the comparison goes on and says so."""
    program = folder / "xan" / "bin" / "xan"
    if program.exists() and output(program, "--version").endswith(XAN_VERSION):
        return program
    say(f"compiling xan {XAN_VERSION}; this takes minutes, once")
    build = folder / "xan-build"
    command = ["cargo", "install", "xan", "--version", XAN_VERSION, "--locked", "--root", str(folder / "xan")]
    status = subprocess.run([*command, "--target-dir", str(build)], stdout=sys.stderr).returncode
    shutil.rmtree(build, ignore_errors=True)
    if status == 0:
        return program
    say("xan could not be installed; it is left out")
    return None


def commit() -> str:
    """The commit that was built, and whether its sources were changed since."""
    try:
        changed = output("git", "status", "--porcelain", "--", "crates", "Cargo.toml", "Cargo.lock")
        return output("git", "rev-parse", "--short", "HEAD") + (" with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown commit"


def versions(fillrate: Path, built: bool, python: Path, xan: Path | None) -> dict[str, str]:
    """Every version that a result depends on."""
    listing = json.loads(output(python, "-m", "pip", "list", "--disable-pip-version-check", "--format", "json"))
    installed = {package["name"].lower(): package["version"] for package in listing}
    wanted = [text.split("==")[0] for text in REQUIREMENTS.read_text().splitlines() if "==" in text]
    built_from = f"{commit()}, release build, {output('rustc', '--version')}" if built else "binary as given"
    found = {"fillrate": f"{output(fillrate, '--version').split()[-1]} ({built_from})"}
    found |= {name: installed[name] for name in wanted}
    found["Python"] = output(python, "--version").split()[-1]
    if xan:
        found["xan"] = output(xan, "--version").split()[-1]
    found["wc and cat"] = output("wc", "--version").splitlines()[0].removeprefix("wc ")
    return found


def prepare(given: Path | None, target: Path) -> Tools:
    """Builds and installs what is missing."""
    if given and not os.access(given, os.X_OK):
        raise FileNotFoundError(f"{given} is no program")
    fillrate = given.resolve() if given else build_fillrate(target)
    folder = target / "peers"
    folder.mkdir(parents=True, exist_ok=True)
    python = install_python_peers(folder / "venv")
    xan = install_xan(folder)
    return Tools(fillrate, python, xan, versions(fillrate, not given, python, xan))

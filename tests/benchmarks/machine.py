"""The machine a benchmark ran on, as far as it can be told without naming it."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

import psutil
from msgspec import Struct

CHECKOUT = Path(__file__).parents[2]

LIBRARIES = (
    *("uvicorn", "starlette", "websockets", "uvloop", "msgspec"),
    *("sqlalchemy", "psycopg", "redis", "httptools"),
)
_GIB = 1024**3


class Machine(Struct, frozen=True):
    """Hardware and versions."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    libraries: dict[str, str]

    @classmethod
    def here(cls) -> Machine:
        """This one."""
        return cls(
            cpu=_cpu(),
            cores=os.cpu_count() or 1,
            memory_gib=round(psutil.virtual_memory().total / _GIB, 1),
            system=f"{platform.system()} {platform.release().partition('-')[0]}",
            python=f"{platform.python_implementation()} {platform.python_version()}",
            libraries={name: metadata.version(name) for name in LIBRARIES},
        )

    def sentence(self) -> str:
        """All of it but the libraries."""
        return (
            f"{self.cpu}, {self.cores} cores, {self.memory_gib:.0f} GiB, {self.system}, "
            f"{self.python}."
        )


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            name, _, value = line.partition(":")
            if name.strip() in {"model name", "Model"}:
                return value.strip()
    return platform.processor() or platform.machine()


def revision() -> str:
    """The commit that is checked out, and whether the server's code differs from it."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip() if done.returncode == 0 else ""

    commit = git("rev-parse", "--short", "HEAD")
    if not commit:
        return "unknown"
    return f"{commit} with changes" if git("status", "--porcelain", "--", "monitor") else commit

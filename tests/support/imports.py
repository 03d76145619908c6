"""Which of Monitor's layers may import which, as one table, and what breaks it.

    domain ← protocol ← {contracts, exchange, repositories, identity, pubsub} ← live
        ← services ← {sockets, api} ← app ← cli

Rooms beside each other may use each other as long as no circle comes of it, except that
repositories and pubsub do not know each other. `errors` may be imported by all; the other common
modules by all but domain and protocol. `load` and `demo` speak to a server from outside: of the
layers they know `protocol` only.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

COMMON = frozenset({"clock", "config", "logs", "metrics", "paths", "supervised"})
_MIDDLE = frozenset({"contracts", "exchange", "repositories", "identity", "pubsub"})
_DOORS = frozenset({"sockets", "api"})
_INNER = frozenset({"domain", "protocol"}) | _MIDDLE | {"live"}

# Layer → the other layers it may import. `errors` and a layer's own modules go without saying.
ALLOWED: Mapping[str, frozenset[str]] = {
    "errors": frozenset(),
    **{name: COMMON for name in COMMON},
    "domain": frozenset(),
    "protocol": frozenset({"domain"}),
    **{name: COMMON | {"domain", "protocol"} | _MIDDLE for name in _MIDDLE},
    "repositories": COMMON | {"domain", "protocol"} | _MIDDLE - {"pubsub"},
    "pubsub": COMMON | {"domain", "protocol"} | _MIDDLE - {"repositories"},
    "live": COMMON | _INNER,
    "services": COMMON | _INNER,
    **{name: COMMON | _INNER | _DOORS | {"services"} for name in _DOORS},
    "app": COMMON | _INNER | _DOORS | {"services"},
    "load": COMMON | {"protocol"},
    "demo": COMMON | {"protocol", "load"},
    "cli": COMMON | _INNER | _DOORS | {"services", "app", "load", "demo"},
    "__main__": frozenset({"cli"}),
}

# Layers that decide without doing: `now` is an argument and nothing waits.
PURE = frozenset({"domain", "protocol", "exchange"})

# What a pure layer may not import: event loops, threads, clocks, sockets, processes and drivers.
IMPURE = frozenset(
    {
        *("asyncio", "anyio", "concurrent", "multiprocessing", "threading", "queue", "uvloop"),
        *("time", "sched", "signal", "os", "subprocess", "socket", "ssl", "select", "random"),
        *("http", "urllib3", "httpx", "requests", "websockets", "starlette", "uvicorn"),
        *("sqlite3", "sqlalchemy", "alembic", "psycopg", "redis", "logging", "structlog"),
    }
)
_CLOCK_CALLS = frozenset({"now", "utcnow", "today"})


@dataclass(frozen=True)
class Violation:
    """One line that breaks the table."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.reason}"


def violations(package: Path) -> list[Violation]:
    """Everything in the package that breaks the table, in the order of the files."""
    found: list[Violation] = []
    known: dict[str, set[str]] = {}
    for path in sorted(package.rglob("*.py")):
        layer = _layer_of_file(path.relative_to(package).parts)
        if layer is None:
            continue
        place = str(path.relative_to(package.parent))
        if layer not in ALLOWED:
            found.append(Violation(place, 1, f"{layer} has no place in tests/support/imports.py"))
            continue
        tree = ast.parse(path.read_text())
        for line, module in _imported(tree, package.name):
            target = _layer_of_module(module, package.name)
            if target is not None and target != layer:
                known.setdefault(layer, set()).add(target)
            reason = _judge(layer, module, target)
            if reason:
                found.append(Violation(place, line, reason))
        if layer in PURE:
            found += [Violation(place, line, f"{layer} reads a clock") for line in _clocks(tree)]
    circle = _circle(known)
    if circle:
        found.append(Violation(package.name, 1, "imports go in a circle: " + " → ".join(circle)))
    return found


def _judge(layer: str, module: str, target: str | None) -> str | None:
    """Why this layer may not import this module; None when it may."""
    if target is None:
        if layer in PURE and module.split(".")[0] in IMPURE:
            return f"{layer} is pure and imports {module}"
        return None
    if target in {layer, "errors"} or target in ALLOWED[layer]:
        return None
    return f"{layer} imports {target}"


def _layer_of_file(parts: tuple[str, ...]) -> str | None:
    if parts == ("__init__.py",):
        return None
    return parts[0].removesuffix(".py")


def _layer_of_module(module: str, package: str) -> str | None:
    words = module.split(".")
    # The package itself holds its version and nothing else.
    return words[1] if words[0] == package and len(words) > 1 else None


def _imported(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.module == package:
                modules = [alias.name for alias in node.names if not alias.name.startswith("__")]
                yield from ((node.lineno, f"{package}.{name}") for name in modules)
            else:
                # Relative imports are banned by ruff (TID252), so a module is always named.
                yield node.lineno, node.module or "."


def _clocks(tree: ast.Module) -> Iterable[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _CLOCK_CALLS
    ]


def _circle(known: Mapping[str, set[str]]) -> list[str]:
    """Layers that import each other in a circle, the first again at the end; else nothing."""

    def walk(layer: str, way: tuple[str, ...]) -> list[str]:
        if layer in way:
            return [*way[way.index(layer) :], layer]
        if layer in harmless:
            return []
        for target in sorted(known.get(layer, ())):
            if circle := walk(target, (*way, layer)):
                return circle
        harmless.add(layer)
        return []

    harmless: set[str] = set()
    for layer in sorted(known):
        if circle := walk(layer, ()):
            return circle
    return []

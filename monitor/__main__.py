"""`python -m monitor` is the `monitor` command."""

from __future__ import annotations

from monitor.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

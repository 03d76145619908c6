from __future__ import annotations

from tests.api.conftest import school

__all__ = ["school"]

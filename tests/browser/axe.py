"""Holds pages against WCAG 2.2 AA with axe, in light and in dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.async_playwright import Axe

if TYPE_CHECKING:
    from playwright.async_api import Page

WCAG_2_2_AA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OPTIONS = {"runOnly": {"type": "tag", "values": WCAG_2_2_AA}, "resultTypes": ["violations"]}
_axe = Axe()


async def faults(page: Page) -> list[str]:
    """What axe finds wrong with a page as it is now, in both colour schemes, a line each."""
    # A colour in the middle of its transition is nobody's fault.
    await page.emulate_media(reduced_motion="reduce")
    found: dict[str, None] = {}
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        results = await _axe.run(page, options=_OPTIONS)
        for violation in results.response["violations"]:
            found |= dict.fromkeys(f"{scheme}: {line}" for line in _lines(violation))
    await page.emulate_media(color_scheme="light")
    return list(found)


def _lines(violation: dict[str, Any]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for node in violation["nodes"]
    ]

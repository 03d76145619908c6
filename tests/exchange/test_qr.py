from __future__ import annotations

from xml.etree import ElementTree

import pytest

from monitor.exchange.qr import qr_svg

SVG = "{http://www.w3.org/2000/svg}"


def test_a_drawing_stands_in_a_white_frame_and_holds_no_style() -> None:
    svg = ElementTree.fromstring(qr_svg("https://monitor.example/join#abc"))  # noqa: S314 - ours
    assert svg.tag == f"{SVG}svg"
    side = int(svg.attrib["viewBox"].split()[2])
    ground, code = svg
    assert (ground.attrib["fill"], ground.attrib["d"]) == ("#fff", f"M0 0h{side}v{side}h-{side}z")
    assert code.attrib["d"].startswith("M4 4.5h7")
    assert {name for one in svg.iter() for name in one.attrib} <= {"viewBox", "fill", "stroke", "d"}


def test_another_text_is_another_drawing() -> None:
    assert qr_svg("https://monitor.example/join#a") != qr_svg("https://monitor.example/join#b")


@pytest.mark.parametrize(
    "text", ["https://münchen.example/", "https://monitor.example/" + "x" * 300]
)
def test_any_address_can_be_drawn(text: str) -> None:
    assert qr_svg(text).startswith("<svg")

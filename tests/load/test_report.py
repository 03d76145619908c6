from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from monitor.cli.exit_codes import CommandFailed
from monitor.cli.load import _tell
from monitor.load.meters import LatencySummary
from monitor.load.plan import LoadPlan
from monitor.load.report import Checked, Latencies, LoadReport, text_of
from monitor.load.server_usage import Usage

QUICK = LatencySummary(1000, 10.0, 20.0, 30.0, 40.0, 1234.5)
SLOW = LatencySummary(1000, 900.0, 1800.0, 2700.0, 2800.0, 2900.0)
NAMES = Latencies.__struct_fields__


def _usage(cpu: float) -> Usage:
    return Usage(1, cpu, cpu, cpu, 100.0, 120.0)


def _report(**changes: Any) -> LoadReport:
    checked = Checked(
        acts=500,
        students=60,
        comparisons=4,
        steps=90,
        ghosts=0,
        differences_found=0,
        differences=[],
    )
    whole = LoadReport(
        url="http://127.0.0.1:8000",
        began_at="2026-11-22T08:00:00+00:00",
        plan=LoadPlan(students=60, seed=7),
        joins_per_second=20.0,
        heartbeats_per_second=12.0,
        acts_per_second=4.5,
        latency=Latencies(**dict.fromkeys(NAMES, QUICK)),
        counts={"joins": 60, "heartbeats acked": 10_000, "acts given": 500},
        errors={},
        server=_usage(0.1),
        generator=_usage(0.1),
        generator_lateness=QUICK,
        verified=checked,
        left="Nothing stays.",
    )
    return replace(whole, **changes)


def test_a_good_run_reads_well() -> None:
    text = text_of(_report())

    assert text.startswith("60 students in 2 sittings, 2 dashboards, heartbeats every 5 s, ")
    assert "seed 7" in text
    row = "act → dashboard                  10.0     20.0     30.0     40.0  1,234.5     1,000"
    assert row in text
    assert "No errors." in text
    assert "Server: 10% of a core (at most 10%), 120 MiB, 1 process." in text
    assert "Nothing differs." in text
    assert text.endswith(
        "It holds 60 students, what they do is seen within 30 ms (p99). What gives way first is "
        "the server's CPU: its busiest process takes 10% of a core, which by CPU alone is room "
        "for 8 times as many.\n"
    )
    assert _report().is_true


def test_a_warning_stands_above_the_numbers() -> None:
    text = text_of(_report(warnings=["these students beat every 10 s"]))

    assert "Warning: these students beat every 10 s" in text.splitlines()[2]


def test_a_run_that_is_true_and_too_slow_ends_with_a_code_of_its_own() -> None:
    slow = replace(_report().latency, visible_dashboard=SLOW)

    with pytest.raises(CommandFailed, match="it does not hold 60 students") as failed:
        _tell(_report(latency=slow), None)
    _tell(_report(), None)

    assert failed.value.exit_code == 6


def test_differences_are_told_and_make_the_run_untrue() -> None:
    checked = _report().verified
    assert checked is not None
    report = _report(
        verified=replace(checked, differences_found=51, differences=["this is not that"])
    )

    text = text_of(report)

    assert not report.is_true
    assert report.verdict.holds is False
    assert "51 differences:\n  this is not that\n  … and 50 more\n" in text
    assert "It does not hold: 51 of what was verified differs." in text


def test_an_unverified_run_says_so() -> None:
    report = _report(verified=None)

    assert report.is_true
    assert "Not verified (--no-verify)." in text_of(report)


def test_errors_are_listed_the_most_frequent_first() -> None:
    text = text_of(_report(errors={"rare": 1, "closed: 4008": 2000}))

    assert "Errors:\n     2,000  closed: 4008\n         1  rare\n" in text
    assert "2,001 errors, most of them “closed: 4008”" in text


@pytest.mark.parametrize(
    ("changes", "holds", "sentence"),
    [
        ({"errors": {"closed: 1006": 1}}, True, "It holds 60 students"),
        ({"counts": {"joins": 59}}, False, "only 59 of 60 came in"),
        (
            {"latency": Latencies(**dict.fromkeys(NAMES, SLOW)), "server": _usage(0.97)},
            False,
            "The bottleneck is the server's CPU: its busiest process takes 97% of a core",
        ),
        (
            {"latency": Latencies(**dict.fromkeys(NAMES, SLOW))},
            False,
            "a teacher sees things after 2,700 ms (p99); saving takes 2,700 ms (p99). The "
            "bottleneck is not the server's CPU (10% of a core)",
        ),
        (
            {
                "latency": Latencies(**dict.fromkeys(NAMES, SLOW)),
                "server": replace(_usage(0.5), machine_busy=0.99),
            },
            False,
            "The bottleneck is this machine: all its cores are 99% busy, and the server gets 50%",
        ),
        (
            {"latency": Latencies(**dict.fromkeys(NAMES, SLOW)), "generator_lateness": SLOW},
            None,
            "The bottleneck was this generator: it was 2,700 ms late",
        ),
        ({"generator": _usage(0.95)}, True, "The bottleneck was this generator: it took 95%"),
        ({"server": None}, True, "The bottleneck cannot be seen from here"),
        ({"server": _usage(0.6)}, True, "its busiest process takes 60% of a core."),
        (
            {"latency": Latencies(**dict.fromkeys(NAMES, LatencySummary(0)))},
            True,
            "It holds 60 students. ",
        ),
    ],
)
def test_the_verdict_names_what_gives_way(
    changes: dict[str, Any], holds: bool | None, sentence: str
) -> None:
    report = _report(**changes)

    assert report.verdict.holds is holds
    assert sentence in text_of(report)

from __future__ import annotations

import pytest

from monitor import errors
from monitor.protocol.close_codes import CloseCode, close_code_of

# As the design lists them: code, comes back, carries after_ms.
TABLE = [
    (4001, True, True),
    (4003, True, True),
    (4005, True, False),
    (4008, True, False),
    (4012, True, False),
    (4013, True, True),
    (4500, False, False),
    (4501, False, False),
    (4502, False, False),
    (4503, False, False),
    (4504, False, False),
    (4505, False, False),
    (4507, False, False),
]


def test_the_codes_are_those_of_the_wire() -> None:
    assert [(int(c), c.reconnect, c.carries_after_ms) for c in CloseCode] == TABLE


@pytest.mark.parametrize("code", list(CloseCode))
def test_every_reason_fits_into_a_close_frame(code: CloseCode) -> None:
    assert 0 < len(code.reason.encode()) <= 123


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.InvalidMessage(), 4501),
        (errors.BadToken(), 4500),
        (errors.TokenExpired(), 4005),
        (errors.NotOpen(), 4003),
        (errors.SessionOver(), 4503),
        (errors.Replaced(), 4505),
        (errors.Forbidden(), 4507),
        (errors.NotFound(), 4507),
        (errors.Unavailable(), 4013),
        (errors.Internal(), 4013),
    ],
)
def test_an_error_of_a_first_message_has_its_code(error: errors.MonitorError, code: int) -> None:
    assert close_code_of(error) == code

"""Fixtures for all tests; what each one gives is said where it is defined."""

from hypothesis import settings

# How long an example takes says more about the machine, which many share, than about the code.
settings.register_profile("monitor", deadline=None, print_blob=True)
settings.load_profile("monitor")

pytest_plugins = [
    "pytester",
    "tests.fixtures.browser",
    "tests.fixtures.databases",
    "tests.fixtures.services",
]

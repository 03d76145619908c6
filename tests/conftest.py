"""Fixtures for all tests; what each one gives is said where it is defined."""

pytest_plugins = [
    "pytester",
    "tests.fixtures.browser",
    "tests.fixtures.databases",
    "tests.fixtures.services",
]

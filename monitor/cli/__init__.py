"""The command line: serve, demo, migrate, users, settings."""

"""Simulated students and dashboards that speak to a server from outside."""

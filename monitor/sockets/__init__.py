"""WebSocket connections of students and dashboards, split by phase."""

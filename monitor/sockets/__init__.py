"""WebSockets, split by phase: accept and authenticate, read, write, close."""

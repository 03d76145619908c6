"""Publications between processes: the broker contract and its two implementations."""

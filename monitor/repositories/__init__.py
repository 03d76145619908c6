"""All SQL: tables, engines, repositories and the unit of work that commits."""

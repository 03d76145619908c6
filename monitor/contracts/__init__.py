"""OpenAPI, AsyncAPI and the wire reference, generated from the structs that validate."""

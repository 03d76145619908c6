"""CSV and JSON in and out: text in, values out."""

"""Queries by subject. Each takes an open connection first and returns a tidy frame of codes, months and values."""

"""Scores that the National Public Service Portal shows, out of its forms into events (`indicators.md`, A.7)."""

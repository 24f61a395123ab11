"""Levels of secrecy: who is cleared for them, and how what is secret lies in the databases (`domain.md` 2.4)."""

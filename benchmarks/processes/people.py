"""The two people of a measured city, for those who load it and those who sign in."""

OWNER_EMAIL = "owner@speed.example"
"""Posts needs for an enterprise."""

PROFESSOR_EMAIL = "professor@speed.example"
"""Lists capabilities for a university."""

PASSWORD = "correct-horse-2026"  # noqa: S105  (of made-up people, in scratch databases)

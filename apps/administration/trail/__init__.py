"""The audit trail as people read and search it."""

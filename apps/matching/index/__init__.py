"""The matcher's index: what changed, what is kept of texts, and the files that are built of it."""

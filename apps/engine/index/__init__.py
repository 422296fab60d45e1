"""The corpus as files: built once, mapped by every process, searched without the database."""

"""What reading raises when it will not touch a file."""


class TableRefused(Exception):
    """The file as a whole cannot be used; the message is one sentence for the person who brought it."""

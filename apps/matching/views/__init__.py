"""Pages: `lists` of proposals for either side, one proposal and the `answers` to it."""

"""审核: what waits for the city's reviewers, what they decided, and what people report."""

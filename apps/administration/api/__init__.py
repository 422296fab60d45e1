"""The office for programs: the same services and rules as its pages."""

"""Whatever administrators change that no app below changes by itself."""

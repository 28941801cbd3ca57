"""Selectors turn evidence into verdicts."""

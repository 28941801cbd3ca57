"""Publish what was kept, and verify what was published."""

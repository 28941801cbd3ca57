"""Labels to a tree of domains."""

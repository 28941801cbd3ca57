"""Look at what was made: search a release or a hub."""

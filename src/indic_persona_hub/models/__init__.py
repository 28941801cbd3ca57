"""The socket for language models, and the one place that is async."""

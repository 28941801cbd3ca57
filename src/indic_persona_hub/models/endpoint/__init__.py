"""Endpoints that speak OpenAI's API: the plug, the HTTP client behind it, keys and errors."""

"""Judges attach evidence to personas and remove nothing."""

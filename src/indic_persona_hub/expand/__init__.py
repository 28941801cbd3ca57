"""Persona-to-Persona: personas become the people around them."""

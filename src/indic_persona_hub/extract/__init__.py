"""Text-to-Persona: documents become personas."""

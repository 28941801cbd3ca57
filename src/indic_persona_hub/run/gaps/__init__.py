"""Rounds that fill gaps: who is there, who is missing, whom to ask about, and what came of it."""

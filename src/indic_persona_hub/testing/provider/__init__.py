"""The fault-injecting provider: a pretended endpoint that answers, fails and bills as real ones."""

from indic_persona_hub.testing.provider.provider import Provider, serve

__all__ = ["Provider", "serve"]

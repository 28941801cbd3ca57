"""How much each address of a model is sent, learned from its answers, and which address is next."""

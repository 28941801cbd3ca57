"""Recipe, plan, execution and ledger."""

"""What would harm somebody: people in crisis, children, groups, abuse; their words and gates."""

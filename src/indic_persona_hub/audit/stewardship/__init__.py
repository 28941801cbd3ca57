"""What a set says of groups of people, in its own words: measured beside the rest of the set."""

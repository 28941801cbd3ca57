"""What a persona states of itself: age, place, role, gender, and whether it can all be true."""

"""What a persona set looks like beside the official tables of India: measured, never judged."""

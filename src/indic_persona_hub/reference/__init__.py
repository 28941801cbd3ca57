"""Official figures and gazetteers of India, with source, year and licence."""

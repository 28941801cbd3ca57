"""llama.cpp in this process: weights by name, slots kept full, no port open."""

"""What means or sounds the same: embeddings, other scripts, translations; and counting people."""

"""Embedders: texts to vectors whose cosine says how alike the texts are."""

"""Exact and near duplicates: text to hashes, hashes to clusters."""

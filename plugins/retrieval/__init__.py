"""Approved content: loading, checking, indexing and finding it."""

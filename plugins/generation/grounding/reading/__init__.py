"""Texts made comparable: sentences, set phrases, concepts, figures, days."""

"""Figures, days and times: each stands in the source, belongs to the right thing, or follows."""

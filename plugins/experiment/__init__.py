"""Experiments: design, assignment, launch content, results in, readout, follow-up questions."""

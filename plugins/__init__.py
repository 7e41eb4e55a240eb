"""The capabilities, one package each; no package imports another."""

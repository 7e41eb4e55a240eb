"""The conversation and everything that is not a capability."""

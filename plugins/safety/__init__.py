"""Safety: what the local rules and the hosted service know about a text."""

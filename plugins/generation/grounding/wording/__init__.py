"""Words: what a sentence adds, how sure and how strong it is, who does what."""

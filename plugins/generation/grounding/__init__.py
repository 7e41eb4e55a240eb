"""Whether marketing copy says only what its approved sources say, checked by rules alone."""

"""For whom, when and for what a statement holds, and whether the copy still says so."""

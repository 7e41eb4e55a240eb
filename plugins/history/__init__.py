"""Looking back: open an earlier campaign, undo a change, show what was done."""

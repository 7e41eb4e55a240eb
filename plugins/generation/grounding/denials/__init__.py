"""What is denied, what is affirmed, and where the two have changed places."""

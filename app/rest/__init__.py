"""The REST interface: one router for each topic, one way out."""

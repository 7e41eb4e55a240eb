"""The types everybody shares. Imports only the standard library and pydantic."""

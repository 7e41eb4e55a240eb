"""Audiences: who is meant, how many that is, why somebody is in it, and which groups the shop's customers form."""

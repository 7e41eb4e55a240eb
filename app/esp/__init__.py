"""Drafts in an e-mail service from an approved package: off by default, by a person's command only, never a send."""

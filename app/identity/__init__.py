"""Who is there: users and passwords, a trusted proxy's header, tokens, throttled logins."""

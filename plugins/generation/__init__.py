"""Copy written from approved content: briefs, variants, revisions, previews."""

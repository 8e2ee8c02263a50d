"""Powers of attorney (МЧД): kept, asked about in the registry, read, used for signing."""

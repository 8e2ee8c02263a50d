"""Machine-readable powers of attorney (МЧД): read, asked about, judged."""

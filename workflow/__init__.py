"""Cases, documents, routes, deadlines, packs, storage."""

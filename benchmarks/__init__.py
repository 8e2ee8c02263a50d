"""How many documents a second, each beside the bare library doing the same work in the same run."""

"""What the engines offer each other, as Protocols; the entrance fills them."""

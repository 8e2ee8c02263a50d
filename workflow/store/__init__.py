"""Tables, repositories, unit of work, outbox, blobs, audit."""

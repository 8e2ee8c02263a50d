"""The engines behind the ports of the workflow: each adapter turns plain values and errors."""

"""The life of mentor pairs: one module for each verb, and what follows from documents."""

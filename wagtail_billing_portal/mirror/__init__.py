"""Our copy of what Stripe knows. Everything enters through ``mirror.ingest``."""

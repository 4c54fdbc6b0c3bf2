"""The least that a mirror could do with an event, to hold the portal's webhook against."""

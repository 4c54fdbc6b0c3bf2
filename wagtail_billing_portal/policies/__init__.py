"""What somebody may do: pure answers, asked by buttons, views and actions alike."""

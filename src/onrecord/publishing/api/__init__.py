"""The read-only JSON API: what readers may see, for programs."""

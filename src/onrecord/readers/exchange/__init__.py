"""Comments from other systems taken in, and ours given out."""

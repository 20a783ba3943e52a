"""What editors and moderators do with readers' messages."""

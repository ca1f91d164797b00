"""What templates may use; Django looks for it by this name."""

"""What guidance decides, as pure functions: by concern, one file each."""

"""What is done with the portal's content."""

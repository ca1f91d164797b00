"""What is asked of the portal: what the homes show, which pages there are, what is found."""

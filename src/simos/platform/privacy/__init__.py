"""What is held of people, who read it, what they agreed to, and how it ends. Knows no pages."""

"""What happened, kept in the action's transaction and carried to those who react. Nothing reacts to the uncommitted."""

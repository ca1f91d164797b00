"""How panels are told to others: entities, and drawings that look as the panel does."""

"""Who may do what, where: roles granted by scope, deny by default. Knows no city rows."""

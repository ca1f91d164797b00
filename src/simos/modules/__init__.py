"""Our own modules. They use only the door that a stranger's package has."""

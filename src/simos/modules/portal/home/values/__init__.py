"""Values of the portal: what every city begins with."""

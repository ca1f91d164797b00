"""The register's door to the hub: publish entities, read them, react to their changes. No transaction spans both."""

"""The register's parking tables, step by step."""

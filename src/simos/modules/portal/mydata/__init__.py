"""My data: what is held of a person, who read it, consents, a copy, erasure. See module.py."""

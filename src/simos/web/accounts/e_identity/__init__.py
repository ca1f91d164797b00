"""Signing in by OpenID Connect: a national e-identity such as SI-PASS, told in settings. Keeps only what is needed."""

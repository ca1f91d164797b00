"""Tokens by which programs use the platform's API: each speaks for one account in one scope. Knows no routes."""

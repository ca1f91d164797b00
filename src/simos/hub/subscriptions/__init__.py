"""Subscriptions and the notifications they lead to (ETSI GS CIM 009, 5.8): understood, matched, delivered."""

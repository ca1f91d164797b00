"""The inbox: people's messages, and how they are told of them. See module.py."""

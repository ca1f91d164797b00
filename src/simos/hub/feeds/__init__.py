"""Feeds at work beside a hub: what is asked for, who is listened to, and devices that fall silent."""

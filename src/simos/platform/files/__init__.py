"""Files of people and offices: kept by content, checked, and readable only by whom their owner object allows.

Knows no module: who may read is handed in with every call. Nothing here is served by address.
"""

"""The one work queue: rows in the register, written in the action's transaction. Knows no event and no hub."""

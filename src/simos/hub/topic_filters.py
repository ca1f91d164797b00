"""MQTT topic filters (3.1.1, clause 4.7): which texts are one, and which topics one means. Pure."""


def is_filter(text: str) -> bool:
    """Whether this is a topic filter (MQTT 3.1.1, clause 4.7.1)."""
    levels = text.split("/")
    return (
        bool(text)
        and all(level in ("+", "#") if "+" in level or "#" in level else True for level in levels)
        and "#" not in levels[:-1]
    )


def matches(topic_filter: str, topic: str) -> bool:
    """Whether `topic` is among those that `topic_filter` means; '#' means its parent too."""
    wanted, there = topic_filter.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for place, level in enumerate(wanted):
        if level == "#":
            return True
        if place >= len(there) or level not in ("+", there[place]):
            return False
    return len(wanted) == len(there)

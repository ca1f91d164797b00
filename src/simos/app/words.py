"""Commands named by words: {'replay parking': command} becomes `simos replay parking`."""

import click


class Words(click.Group):
    """A group into which commands are put by words; groups between come to be as needed."""

    def add_words(self, words: str, command: click.Command) -> None:
        """Adds `command` under `words`; ValueError where something else stands there."""
        first, _, rest = words.partition(" ")
        there = self.commands.get(first)
        if not rest:
            if there is not None:
                raise ValueError(f"the command {words!r} is taken")
            self.add_command(command, first)
            return
        if there is None:
            there = Words(first, short_help=f"{first.capitalize()} ...")
            self.add_command(there)
        if not isinstance(there, Words):
            raise ValueError(f"{first!r} is a command, so that {words!r} cannot be one")
        there.add_words(rest, command)

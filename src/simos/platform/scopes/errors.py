"""What goes wrong at the wall between cities: always a fault of the program, never of the person."""


class ScopeError(RuntimeError):
    """City rows were touched in a way that the wall forbids. Nothing was read or written."""


class NobodyActs(ScopeError):
    """No `acting(actor, scope)` around the call: nobody has said who acts, and where."""


class NoCity(ScopeError):
    """The one who acts does so in the federation or for a partner: city rows are reached by `across` only."""


class AnotherCity(ScopeError):
    """A row of one city was to be written while acting in another."""

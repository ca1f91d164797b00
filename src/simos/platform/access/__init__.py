"""Who may do what, where, and for whom: roles by scope, units and substitutes, mandates, the counter. Deny by default.

Knows no city rows.
"""

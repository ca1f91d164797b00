"""What many modules' procedures need, once: numbers, working days, statuses, approval, answers kept, row versions.

Each stands in a file of its own. Knows no module and no page.
"""

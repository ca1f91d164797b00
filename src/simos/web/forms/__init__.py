"""Forms of citizens and officers: fields, how they are shown, one page or several steps. All without JavaScript."""

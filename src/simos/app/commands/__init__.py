"""The platform's own verbs of the command line, one file a concern. Each exports COMMANDS: words -> command."""

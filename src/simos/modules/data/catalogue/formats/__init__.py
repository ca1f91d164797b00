"""The catalogue in the standards' forms, and data sets as files: values made of values. What reads is handed in."""

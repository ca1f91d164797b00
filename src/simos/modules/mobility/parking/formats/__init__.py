"""Parking in the field's standard forms, one file for each. They make values of values and read nothing."""

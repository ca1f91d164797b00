"""Parking's rules, pure: facts and counts, forecasts, fees. Files by concern; importing one loads no other."""

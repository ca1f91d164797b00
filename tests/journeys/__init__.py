"""Stories of people and programs with the running product: a citizen, an integrator, an operator."""

"""`/api/`: the modules' routers in one API, with one document that describes all of it. Knows no module by name."""

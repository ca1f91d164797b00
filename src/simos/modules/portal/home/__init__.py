"""The portal: homes of the consortium and the cities, and what editors write. See module.py and README.md."""

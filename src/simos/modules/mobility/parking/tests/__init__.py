"""What parking promises: to drivers on its pages, to the office with its files, to programs in the hub."""

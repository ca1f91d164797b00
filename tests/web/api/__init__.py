"""The API's door, document and page, with a sample module's router behind it."""

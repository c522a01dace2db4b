"""What people and programs see: the API and the pages."""

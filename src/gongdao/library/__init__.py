"""The shelf of rulebooks (书架): strict YAML files become the core's model."""

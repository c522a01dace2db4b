"""The shelf of rulebooks: strict YAML files read into the core's model."""

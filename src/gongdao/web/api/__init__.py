"""API: programs ask here. One file a resource under `v1/`; nothing here decides anything."""

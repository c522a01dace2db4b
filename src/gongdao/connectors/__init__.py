"""Connectors (接入): orders from files and from platforms, turned into the core's own `Order`.

`olist` reads the public Olist data set; `mapped_orders` reads any table by a mapping file.
Both yield batches that a use case stores; neither knows the database.
"""

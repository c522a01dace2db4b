"""Invoices beside cases (发票): told, followed by tasks, acted on."""

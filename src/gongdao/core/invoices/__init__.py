"""Invoices (发票): what happens to them after an after-sale, never in the way of a refund."""

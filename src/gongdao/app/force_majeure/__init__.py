"""Force majeure (不可抗力): declared for a region and a period, previewed, ended, revoked."""

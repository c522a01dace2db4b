"""公道 gongdao: after-sales, dispute arbitration and merchant governance, decided by rulebooks."""

__version__ = "0.1.0"

"""Daily exports (每日导出): what happened on a day, for analytics, without personal data."""

"""The worker (后台任务): deadlines and messages, by itself, as long as the installation runs."""

"""The service desk (客服): conversations with buyers and what they are measured by."""

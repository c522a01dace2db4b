"""Desk (工作台): the pages of buyers, merchants, arbitrators and operators."""

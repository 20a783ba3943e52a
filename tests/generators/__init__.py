"""Makers of labelled material for tests."""

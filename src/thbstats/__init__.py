"""Arithmetic of official statistics on trafficking in human beings."""

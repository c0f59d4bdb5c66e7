"""Figures for the tiers above: what became of the cases, without a name in them."""

"""Doubles that ship with the product: for its tests and for `cpo doctor`."""

"""Planner services: the hosted model and the offline planner, behind one screened interface."""

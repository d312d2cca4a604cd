"""Bounded readers of the containers that model files come in, opened without trust."""

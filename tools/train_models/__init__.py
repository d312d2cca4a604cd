"""How the shipped models are trained: recipes, and the cards that describe them."""

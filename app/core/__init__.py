"""What needs NumPy alone: cells, networks, what explains them, training, model files, words."""

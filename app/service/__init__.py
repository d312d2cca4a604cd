"""A question about a model and its answer, whoever asks: page, API, command line or notebook."""

"""What leaves for the training of models: rows, files, and what describes them."""

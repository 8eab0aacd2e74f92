"""Trains local:tiny: synthetic tasks in English and Korean, a tokenizer, a small Llama, and its measured accuracy."""

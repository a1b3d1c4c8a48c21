"""Data only: the numbers that the documents print, and measured ones, each with where it comes from."""

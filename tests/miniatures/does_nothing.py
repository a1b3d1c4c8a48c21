"""Has no operation at all."""

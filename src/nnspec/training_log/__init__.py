"""``nnspec trace``: judge the losses that a training run printed, and name what prints just these."""

"""Scripts that make the shipped weights again, from public data and the news annotated here (extra `train`)."""

"""The first page: the state of the data, and what each of the other pages has found."""

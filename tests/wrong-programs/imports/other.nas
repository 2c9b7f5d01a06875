const OTHER = 2

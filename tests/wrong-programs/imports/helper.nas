block Helper(x) { return x }
const OTHER = 1

block Broken(x, out) { return x -> -> conv(out) }
block Whole(x, out) { return x -> conv(out, kernal = 3) }

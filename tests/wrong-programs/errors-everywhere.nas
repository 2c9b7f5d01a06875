// An error in one declaration does not hide those of others.
const A = 1
const A = 2
space S {
  input image: f32[28, 28, 1]
  width = choose { 8, 16 }
  output classes = image -> conv(width) -> global_pool -> dense(10)
}

search Main {
  space S
  seed 0.5
  supernet { epochs "five" }
}
accelerator Chip {
  clock 2KB
  chunk mac { array 2 x 2  runs cnv }
}

architecture B of T { }

//! NAS2001 error 3:7-3:8 `A` is declared twice
//! NAS2041 error 10:8-10:12 search `Main` has no objective
//! NAS2025 error 12:8-12:11 `seed` is out of range
//! NAS2023 error 13:21-13:27 `epochs` takes a number
//! NAS5014 error 15:13-15:17 `Chip` has no external memory
//! NAS2024 error 16:9-16:12 `clock` is a frequency, not a size in bytes
//! NAS5013 error 17:33-17:36 there is no operator `cnv`
//! NAS2011 error 20:19-20:20 there is no space `T`

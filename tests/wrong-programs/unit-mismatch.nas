// A time is neither compared with a size nor added to a number.
const A = 2ms + 3KB
const B = 2ms + 1
const C = 2ms < 3J
space S {
  input image: f32[28, 28, 1]
  x = image -> conv(8ms)
  output classes = x -> global_pool -> dense(10)
}

//! NAS3009 error 2:11-2:20 `+` does not go with these units
//! NAS3009 error 3:11-3:18 `+` does not go with these units
//! NAS3009 error 4:11-4:19 `<` does not go with these units
//! NAS3009 error 7:21-7:24 `channels` takes a whole number without unit

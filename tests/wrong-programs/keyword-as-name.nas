// Words of the language where a memory, a chunk or data has its name.
accelerator Chip {
  memory none { width 64bit }
  memory in { size 64KB }
  memory or { size 32KB  width 64bits }
  chunk if { array 8 x 8  runs conv }
  chunk true { array 8 x 8  runs dense }
  chunk import { array 8 x 8  runs shift }
  chunk not { array 8 x 8  runs add }
  vector for { lanes 8 }
  clock else { }
  mapper { }
}
space Net {
  input image: f32[8, 8, 3]
  output y = image -> global_pool -> dense(4)
}
search Main { space Net on Chip  data const { path "images" }  maximize accuracy }

//! NAS2023 error 3:10-3:14 `none` is a keyword and cannot be a name
//! NAS2023 error 4:10-4:12 `in` is a keyword and cannot be a name
//! NAS2023 error 5:10-5:12 `or` is a keyword and cannot be a name
//! NAS1006 error 5:34-5:38 `bits` is not a unit
//! NAS2023 error 6:9-6:11 `if` is a keyword and cannot be a name
//! NAS2023 error 7:9-7:13 `true` is a keyword and cannot be a name
//! NAS2023 error 8:9-8:15 `import` is a keyword and cannot be a name
//! NAS2023 error 9:9-9:12 `not` is a keyword and cannot be a name
//! NAS2029 error 10:10-10:13 `vector` is not written like this
//! NAS2029 error 11:3-11:8 `clock` is not written like this
//! NAS2023 error 18:39-18:44 `const` is a keyword and cannot be a name

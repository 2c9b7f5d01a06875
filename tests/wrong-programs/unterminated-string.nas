// A text without its closing quote.
const NAME = "glyphs
const B = 2

//! NAS1004 error 2:14-2:21 this string has no end

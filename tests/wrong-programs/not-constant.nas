// Constants hold no decisions, and settings neither.
const WIDTH = choose { 8, 16 }
const OP = conv

//! NAS3022 error 2:15-2:31 `choose` stands only in spaces and blocks

// A comment without an end.
const B = 2
/* everything after this is a comment
const A = 1

//! NAS1004 error 3:1-3:3 this comment has no end

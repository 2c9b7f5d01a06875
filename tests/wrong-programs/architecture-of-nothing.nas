// The space of an architecture is not declared.
architecture A of Missing { width = 8 }

//! NAS2011 error 2:19-2:26 there is no space `Missing`

// -D of a size for a time.
//- D LIMIT=3KB
const LIMIT = 2ms

//! NAS2010 error -D LIMIT:1:7-1:10 `LIMIT` takes a time

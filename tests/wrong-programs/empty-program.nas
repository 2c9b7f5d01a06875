// A search alone in a file without a space.
search Main { maximize accuracy }

//! NAS2022 error 2:8-2:12 search `Main` has no `space`

// Three files in a circle: all frames of the circle are shown.
import { FIRST } from "./imports/circle-a"

const A = FIRST

//! NAS2003 error imports/circle-c.nas:1:23-1:35 files import each other in a circle

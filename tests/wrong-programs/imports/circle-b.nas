import { LAST } from "./circle-c"
const SECOND = LAST

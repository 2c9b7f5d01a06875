import { SECOND } from "./circle-b"
const FIRST = SECOND

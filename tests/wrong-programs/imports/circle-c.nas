import { FIRST } from "./circle-a"
const LAST = FIRST

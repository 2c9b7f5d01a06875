import { OTHER as THIRD } from "./other"
const FOURTH = THIRD

/**
 * Names for spaces and architectures that stay the same from run to run. A space's hash covers its whole printed text (spans left out);
 * an architecture's covers the active decisions as written, so that equal networks of a space have equal hashes, and editing the space
 * elsewhere does not rename its networks.
 */
import { createHash } from "node:crypto";
import { describeArchitecture } from "./describe.js";
import type { Architecture, Space } from "./space.js";
import { printSpace } from "./text/print-space.js";

const sha256 = (text: string, digits: number): string => createHash("sha256").update(text).digest("hex").slice(0, digits);

/** 16 hexadecimal digits. */
export function hashSpace(space: Space): string {
  return sha256(printSpace(space), 16);
}

/** 12 hexadecimal digits; `architecture` must be canonical. */
export function hashArchitecture(space: Space, architecture: Architecture): string {
  return sha256(JSON.stringify([space.name, Object.entries(describeArchitecture(space, architecture))]), 12);
}

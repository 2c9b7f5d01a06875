/** The version in package.json, read without loading anything else. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export function nascVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(fileURLToPath(new URL("../../package.json", import.meta.url)), "utf8"));
  return typeof parsed === "object" && parsed !== null && "version" in parsed && typeof parsed.version === "string" ? parsed.version : "unknown";
}

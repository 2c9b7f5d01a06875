/** Reference data outside the checkout, found through NASC_SHARED. Absent data skips its tests, and says how many cases that is. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";

export interface Shared { readonly present: boolean; json<T>(): T; text(): string }

export function shared(path: string, cases: string): Shared {
  const file = resolve(process.env.NASC_SHARED ?? "../shared", "data", path);
  const present = existsSync(file);
  if (!present) console.warn(`SKIPPED ${cases}: no ${file}; set NASC_SHARED`);
  const text = (): string => (file.endsWith(".gz") ? gunzipSync(readFileSync(file)).toString() : readFileSync(file, "utf8"));
  return { present, text, json: <T>() => JSON.parse(text()) as T };
}

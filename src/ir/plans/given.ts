/** Optional fields that are absent, not undefined, where nothing was given. */

export function given<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  const out: Partial<Record<K, T>> = {};
  if (value !== undefined) out[key] = value;
  return out;
}

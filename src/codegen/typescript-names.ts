/** Names and literals of emitted TypeScript: variables after the paths of the network, numbers as short as their float32 allows. */

const RESERVED = new Set(("tf weights inputs network weightShapes weightsFrom Weights Inputs Outputs break case catch class const continue debugger default delete do else enum export extends "
  + "false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try "
  + "typeof undefined var void while with yield await async of adder groupedConvolution powerOfTwo roundToPowerOfTwo keepLargest gelu layerNorm runs NaN Infinity").split(" "));

/** `mix[3].conv/conv` becomes `mix3Conv`: words joined, repetitions dropped. */
export function variableName(path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const distinct = words.filter((word, index) => word !== words[index - 1]);
  const name = distinct.map((word, index) => (index === 0 ? word[0]!.toLowerCase() + word.slice(1) : word[0]!.toUpperCase() + word.slice(1))).join("");
  return /^[A-Za-z]/.test(name) ? name : `node${name}`;
}

/** Hands out names that nobody has. */
export class Names {
  private readonly taken = new Set<string>(RESERVED);

  take(wish: string): string {
    let name = wish;
    for (let count = 2; this.taken.has(name); count++) name = `${wish}${/\d$/.test(wish) ? "_" : ""}${count}`;
    this.taken.add(name);
    return name;
  }
}

/** The shortest decimal that gives the same float32. */
export function floatLiteral(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : value < 0 ? "-Infinity" : "NaN";
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return String(short);
  }
  return String(value);
}

/** A property name, in quotes only where it needs them. */
export const propertyKey = (name: string): string => (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : JSON.stringify(name));
export const property = (object: string, name: string): string => (/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? `${object}.${name}` : `${object}[${JSON.stringify(name)}]`);
export const list = (values: readonly number[]): string => `[${values.join(", ")}]`;

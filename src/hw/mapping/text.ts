/**
 * Mappings as text. The flat form reads and writes one line, outermost first, `dram: k 2 | glb: r 3, s 3 | X: k 2, Y: c 2 | rf: p 4`;
 * the loop nest is for people.
 */
import type { Hardware } from "./hardware.js";
import type { MappedLoop, Mapping } from "./mapping.js";

export type ParsedMapping = { readonly ok: true; readonly loops: readonly MappedLoop[] } | { readonly ok: false; readonly problem: string };

/** Reads the loops of the flat form. A part is a memory (`glb: ...`) or axes of the array (`X: ..., Y: ...`). */
export function parseMapping(hardware: Hardware, text: string): ParsedMapping {
  const loops: MappedLoop[] = [];
  for (const part of text.split("|").map((piece) => piece.trim()).filter((piece) => piece !== "")) {
    let place: Pick<MappedLoop, "level" | "axis"> | undefined;
    for (const item of part.split(",")) {
      const match = /^\s*(?:([\w.-]+)\s*:)?\s*(?:(\w+)\s+(\d+))?\s*$/.exec(item);
      if (match === null) return { ok: false, problem: `cannot read \`${item.trim()}\`: expected \`name: dimension factor\`` };
      const [, name, dimension, factor] = match;
      if (name !== undefined) place = placeNamed(hardware, name);
      if (place === undefined) return { ok: false, problem: name === undefined ? `\`${item.trim()}\` names no memory and no axis` : `the hardware has no memory or axis \`${name}\`` };
      if (dimension !== undefined) loops.push({ dimension, bound: Number(factor), ...place });
    }
  }
  return { ok: true, loops };
}

function placeNamed(hardware: Hardware, name: string): Pick<MappedLoop, "level" | "axis"> | undefined {
  const level = hardware.levels.findIndex((memory) => memory.name === name);
  if (level >= 0) return { level };
  const axis = hardware.axes.find((candidate) => candidate.name === name);
  return axis === undefined ? undefined : { level: axis.below, axis: axis.name };
}

export function printFlat(hardware: Hardware, mapping: Mapping): string {
  const parts: string[] = [];
  for (let level = hardware.levels.length - 1; level >= 0; level--) {
    const here = mapping.loops.filter((loop) => loop.level === level && loop.bound > 1);
    const temporal = here.filter((loop) => loop.axis === undefined).map((loop) => `${loop.dimension} ${loop.bound}`);
    if (temporal.length > 0) parts.push(`${hardware.levels[level]!.name}: ${temporal.join(", ")}`);
    const spatial = here.flatMap((loop) => (loop.axis === undefined ? [] : [`${loop.axis}: ${loop.dimension} ${loop.bound}`]));
    if (spatial.length > 0) parts.push(spatial.join(", "));
  }
  return parts.join(" | ");
}

/** The mapping as nested loops, each memory announced with the tensors it keeps. */
export function printLoopNest(hardware: Hardware, mapping: Mapping): string {
  const lines: string[] = [];
  let depth = 0;
  for (let level = hardware.levels.length - 1; level >= 0; level--) {
    const kept = mapping.keep[level] ?? [];
    lines.push(`${"  ".repeat(depth)}-- ${hardware.levels[level]!.name} ${kept.length === 0 ? "keeps nothing" : `keeps ${kept.join(", ")}`}`);
    for (const loop of mapping.loops) {
      if (loop.level !== level || loop.bound === 1) continue;
      lines.push(`${"  ".repeat(depth)}${loop.axis === undefined ? "for" : "parallel for"} ${loop.dimension} in 0..${loop.bound}${loop.axis === undefined ? "" : `  on ${loop.axis}`}`);
      depth++;
    }
  }
  return [...lines, `${"  ".repeat(depth)}compute`].join("\n");
}

/**
 * Where an expression stands: the local names it sees, the condition under which it is reached, and what its decisions and nodes are
 * named after. Sites are immutable and nested by copying; frames are one per block call.
 */
import type { AttributeValue } from "../../ops/operator.js";
import type { Module } from "../module.js";
import type { Value, VariableId } from "../space.js";
import type { Term } from "./term.js";

/** What a name stood for at the end of one round of a loop. */
export interface Round { readonly loop: string; readonly condition: Value<boolean>; readonly term: Term }

/** The body of a space, block or constant being evaluated. */
export interface Frame {
  readonly module: Module;
  /** Replaced while branches and rounds are evaluated, and joined afterwards. */
  locals: Map<string, Term>;
  /** Per name assigned in a loop of this frame. */
  readonly history: Map<string, Round[]>;
  /** Block calls around this one. */
  readonly depth: number;
}

/** A labelled alternative of a decision: what decisions inside it are named after. */
export interface Owner { readonly decision: VariableId; readonly label: string }

export interface Site {
  /** True where this part of the program is reached. */
  readonly condition: Value<boolean>;
  readonly owner: Owner | undefined;
  /** Loop rounds entered since the owner. */
  readonly indices: readonly string[];
  /** Call sites and loop rounds on the way here: with a span, identifies an evaluation. */
  readonly instance: string;
  /** Call sites on the way here, without rounds: with a span, identifies a place in the source. */
  readonly chain: string;
  /** What an unlabelled decision here is called: the variable or parameter it is for. */
  readonly naming: string | undefined;
}

export interface Scope { readonly frame: Frame; readonly site: Site }

export const withSite = (scope: Scope, changes: Partial<Site>): Scope => ({ frame: scope.frame, site: { ...scope.site, ...changes } });

/** What becomes a path when all names are known. */
export interface Place {
  readonly owner: Owner | undefined;
  readonly name: string;
  readonly indices: readonly string[];
  /** Equal for all rounds of one place. */
  readonly key: string;
}

export function rootSite(condition: Value<boolean>): Site {
  return { condition, owner: undefined, indices: [], instance: "", chain: "", naming: undefined };
}

export function newFrame(module: Module, depth: number): Frame {
  return { module, locals: new Map(), history: new Map(), depth };
}

/** How the rounds over a list are written in paths: by value, or by position from 1 where values repeat or are no plain ones. */
export function roundNames(cells: readonly (AttributeValue | undefined)[]): readonly string[] {
  const plain = cells.every((cell) => typeof cell === "number" || typeof cell === "string" || typeof cell === "boolean");
  return plain && new Set(cells).size === cells.length ? cells.map(String) : cells.map((_, position) => String(position + 1));
}

/** Options that several verbs share, and the readers of their values. */
import { Command, InvalidArgumentError } from "commander";
import type { EngineName } from "../runtime/engine.js";

/** Gathers the values of a repeatable option. */
export const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("it must be a whole number of at least 1");
  return value;
}

export function naturalNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("it must be a whole number of at least 0");
  return value;
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("it must be a number above 0");
  return value;
}

export function engineName(text: string): EngineName {
  if (text !== "wasm" && text !== "cpu" && text !== "node") throw new InvalidArgumentError("it must be wasm, node or cpu");
  return text;
}

export interface ProgramOptions { readonly define?: readonly string[] }
export interface ArchitectureOptions { readonly architecture?: string; readonly fix?: readonly string[] }

/** `-D NAME=value` */
export function withDefinitions(command: Command): Command {
  return command.option("-D, --define <NAME=value>", "give a const another value (repeatable)", collect);
}

/** `--architecture NAME` and `--fix path=value` */
export function withArchitecture(command: Command): Command {
  return command
    .option("--architecture <NAME>", "a declared architecture")
    .option("--fix <path=value>", "bind a decision, e.g. --fix width=16 --fix 'mix[*]=conv' (repeatable; the rest takes its first option)", collect);
}

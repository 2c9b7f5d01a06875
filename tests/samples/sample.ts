/** Samples as tests ask for them: checked without a finding, their named networks bound and counted. */
import { readFileSync } from "node:fs";
import { createCostModel, type Totals } from "../../src/hw/cost-model.js";
import { countNet, readCounting, type Counted } from "../../src/hw/counting.js";
import { bind } from "../../src/ir/bind.js";
import type { Net } from "../../src/ir/net.js";
import type { CheckedProgram } from "../../src/ir/plan.js";
import { checkText, programOf, told } from "../ir/check/programs.js";

/** `samples/NAME.nas` as it stands. */
export function textOfSample(name: string): string {
  return readFileSync(`samples/${name}.nas`, "utf8");
}

/** `samples/NAME.nas`; throws where the check finds anything, a warning included. `constants` are `-D` texts by name. */
export function readSample(name: string, constants: Readonly<Record<string, string>> = {}): CheckedProgram {
  const text = textOfSample(name);
  const findings = told(checkText(text, constants));
  if (findings.length > 0) throw new Error(findings.join("\n"));
  return programOf(text, constants);
}

/** A declared architecture as a network. */
export function netNamed(program: CheckedProgram, name: string): Net {
  const declared = program.architectures.get(name);
  const space = declared === undefined ? undefined : program.spaces.get(declared.space);
  if (declared === undefined || space === undefined) throw new Error(`no architecture ${name}; there are ${[...program.architectures.keys()].join(", ")}`);
  return bind(space, declared.architecture);
}

/**
 * What the cost model counts: trained parameters (biases and the scale and offset of normalizations included, running statistics not)
 * and multiply-accumulates of linear operators and attention, each once (normalizations, activations and pooling not).
 */
export function countsOf(program: CheckedProgram, net: Net): Pick<Totals, "params" | "macs"> {
  const [accelerator] = program.accelerators.values();
  if (accelerator === undefined) throw new Error("the sample declares no accelerator");
  const { params, macs } = createCostModel(accelerator).netCost(net).totals;
  return { params, macs };
}

/** By a named way of counting, as `nasc cost --counting` takes it. */
export function countedAs(counting: string, net: Net): Counted {
  const read = readCounting(counting);
  if (!read.ok) throw new Error(read.diagnostics[0]!.title);
  return countNet(net, read.value);
}

/** Does a data set fit a network? Checked before anything runs, so that no step can fail on a shape (NAS6015). */
import type { Dataset } from "../data/dataset.js";
import { diagnostic, type Diagnostic } from "../diagnostics/model.js";
import type { Net } from "../ir/net.js";

/** The output that accuracy is read from: the first. Further outputs of the same shape are trained along (auxiliary heads). */
export function primaryOutput(net: Net): string {
  return net.outputs[0]!.name;
}

/** The outputs that are class scores: the primary one and every other with as many numbers. */
export function classOutputs(net: Net): readonly string[] {
  const size = net.nodes[net.outputs[0]!.node]!.shape.join();
  return net.outputs.filter(({ node }) => net.nodes[node]!.shape.join() === size).map(({ name }) => name);
}

/** Undefined where images and classes fit. */
export function dataProblemFor(net: Net, data: Dataset): Diagnostic | undefined {
  const inputs = net.nodes.filter((node) => node.kind === "input");
  const image = `${data.height}x${data.width}x${data.channels}`;
  const misfit = inputs.find((input) => input.element !== "f32" || input.shape.join("x") !== image);
  if (inputs.length !== 1 || misfit !== undefined) {
    const wanted = inputs.map((input) => `\`${input.name}\` of ${input.shape.join("x")}`).join(", ");
    return diagnostic("NAS6015", { title: `\`${data.name}\` does not fit the input of \`${net.name}\``, why: `the network takes ${wanted || "no input"}; the images are ${image}`, help: `declare the input as f32[${data.height}, ${data.width}, ${data.channels}], or choose other data` });
  }
  const output = net.outputs[0];
  const shape = output === undefined ? undefined : net.nodes[output.node]!.shape;
  if (shape === undefined || shape.length !== 1 || shape[0]! < data.classes) {
    return diagnostic("NAS6015", { title: `\`${data.name}\` does not fit the output of \`${net.name}\``, why: `the first output${output === undefined ? " is missing" : ` \`${output.name}\` has shape [${shape!.join(", ")}]`}; the data has ${data.classes} classes`, help: `end with \`global_pool -> dense(${data.classes})\`` });
  }
  return undefined;
}

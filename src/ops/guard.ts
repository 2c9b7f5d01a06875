/**
 * The registry guards every operator: the number of inputs, empty inputs and attributes of the wrong type or range are refused here
 * once, so that a shape rule only states what is particular to it and never throws, whatever it is handed. Default values are filled
 * in here too, so that operators can be called by hand.
 */
import type { Attributes, AttributeValue, Operator, OperatorProblem, Parameter, ParameterType, Shape, TaggedValue } from "./operator.js";

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `[8, 8, 3]`, as shapes are written in messages. */
export const writtenShape = (shape: Shape): string => `[${shape.join(", ")}]`;

function writtenValue(value: AttributeValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null || typeof value !== "object") return String(value);
  return isTagged(value) ? `${value.tag}(...)` : `[${value.map(writtenValue).join(", ")}]`;
}

export function isTagged(value: AttributeValue | undefined): value is TaggedValue {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `a number from 1 to 8`, for messages. */
function range(noun: string, minimum: number | undefined, maximum: number | undefined): string {
  if (minimum === undefined) return maximum === undefined ? noun : `${noun} of at most ${maximum}`;
  return maximum === undefined ? `${noun} of at least ${minimum}` : `${noun} from ${minimum} to ${maximum}`;
}

const within = (value: number, minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY): boolean => value >= minimum && value <= maximum;

const isWhole = (value: AttributeValue | undefined): value is number => typeof value === "number" && Number.isSafeInteger(value);

/** What the type expects, where `value` is not that; undefined where it is. */
function expectation(type: ParameterType, value: AttributeValue | undefined): string | undefined {
  switch (type.kind) {
    case "integer": return isWhole(value) && within(value, type.minimum, type.maximum) ? undefined : range("a whole number", type.minimum, type.maximum);
    case "number": return typeof value === "number" && Number.isFinite(value) && within(value, type.minimum, type.maximum) ? undefined : range("a number", type.minimum, type.maximum);
    case "boolean": return typeof value === "boolean" ? undefined : "true or false";
    case "list": return Array.isArray(value) ? undefined : "a list";
    case "text": return typeof value === "string" ? undefined : "a text";
    case "pair": {
      const parts = Array.isArray(value) ? value : [value, value];
      const good = parts.length === 2 && parts.every((part) => isWhole(part) && within(part, type.minimum));
      return good ? undefined : `${range("a whole number", type.minimum, undefined)}, or a pair [vertical, horizontal]`;
    }
    case "enumeration": {
      const tag = isTagged(value) ? value.tag : value;
      const member = type.members.find(({ name }) => name === tag);
      if (member === undefined) return `one of ${type.members.map(({ name }) => name).join(", ")}`;
      if (!isTagged(value)) return undefined;
      const wrong = attributeProblem(member.parameters ?? [], { ...defaultsOf(member.parameters ?? []), ...value.arguments });
      return wrong === undefined ? undefined : `${member.name} with ${wrong.detail}`;
    }
    default: { const never: never = type; return String(never); }
  }
}

/** The default values of the parameters that have one. */
export function defaultsOf(parameters: readonly Parameter[]): Attributes {
  return Object.fromEntries(parameters.flatMap(({ name, defaultValue }) => (defaultValue === undefined ? [] : [[name, defaultValue]])));
}

/** The first attribute that its parameter does not allow. */
export function attributeProblem(parameters: readonly Parameter[], attributes: Attributes): OperatorProblem | undefined {
  for (const { name, type, defaultValue } of parameters) {
    const value = attributes[name] === undefined ? defaultValue : attributes[name];
    if (value === undefined) return { problem: `\`${name}\` is missing`, detail: `\`${name}\` has no default value`, parameter: name };
    if (value === null && defaultValue === null) continue;
    const expected = expectation(type, value);
    if (expected !== undefined) return { problem: `\`${name}\` cannot take this value`, detail: `${name} = ${writtenValue(value)}, not ${expected}`, parameter: name };
  }
  return undefined;
}

function inputProblem(operator: Operator, inputs: readonly Shape[]): OperatorProblem | undefined {
  const { minimum, maximum } = operator.inputs;
  if (inputs.length < minimum) return { problem: `\`${operator.name}\` needs ${plural(minimum, "tensor")}`, detail: `${plural(inputs.length, "tensor")} given, ${minimum} needed` };
  if (inputs.length > maximum) return { problem: `\`${operator.name}\` takes ${plural(maximum, "tensor")}`, detail: `${plural(inputs.length, "tensor")} given, ${maximum} taken` };
  const empty = inputs.find((shape) => shape.some((extent) => !Number.isSafeInteger(extent) || extent < 1));
  if (empty !== undefined) return { problem: `an input of \`${operator.name}\` is empty`, detail: `its shape is ${writtenShape(empty)}`, help: "every extent must be at least 1" };
  return undefined;
}

/** The operator with a shape rule that takes anything and with default values filled in everywhere: see the head of this file. */
export function guarded(operator: Operator): Operator {
  const defaults = defaultsOf(operator.parameters);
  return {
    ...operator,
    shape(inputs, attributes) {
      return inputProblem(operator, inputs) ?? attributeProblem(operator.parameters, attributes) ?? operator.shape(inputs, { ...defaults, ...attributes });
    },
    weights: (inputs, attributes) => operator.weights(inputs, { ...defaults, ...attributes }),
    forward: (context) => operator.forward({ ...context, attributes: { ...defaults, ...context.attributes } }),
    workload: (inputs, attributes, output) => operator.workload(inputs, { ...defaults, ...attributes }, output),
  };
}

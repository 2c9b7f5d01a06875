/**
 * The door to TensorFlow's operators: what we use of the backend of tfjs-node, with the operands that only shape an operator (axes,
 * sizes, factors) kept as handles, because making them anew costs more than a small operator.
 */
import type { DataId, TensorInfo } from "@tensorflow/tfjs-core";
import type { EngineTensor } from "../engine.js";

type Values = Float32Array | Int32Array | Uint8Array;

/** A tensor's place: a handle of TensorFlow, or values that have not been handed over yet (then `id` is -1). */
export interface Held { id: number; values: Values | null; readonly refCount: number }

interface Output { readonly id: number; readonly shape: number[]; readonly dtype: number }

/** The native addon. */
interface Binding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  createTensor(shape: readonly number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  executeOp(name: string, attributes: readonly Attribute[], inputs: readonly number[], outputs: number): Output[];
}

export interface NodeBackend {
  readonly binding: Binding;
  readonly tensorMap: { get(id: DataId): Held };
  createOutputTensor(output: Output): EngineTensor;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  write(values: Values | null, shape: readonly number[], dtype: "float32"): DataId;
  readSync(id: DataId): Values;
  refCount(id: DataId): number;
  incRef(id: DataId): void;
}

export function isNodeBackend(backend: unknown): backend is NodeBackend {
  return typeof backend === "object" && backend !== null && "binding" in backend && "tensorMap" in backend && "createOutputTensor" in backend;
}

export interface Attribute { readonly name: string; readonly type: number; readonly value: string | boolean | number | readonly number[] }

/** An operand that is no tensor of the program. */
export interface Constant { readonly handle: number }

export interface Operators {
  /** The first output of an operator; further ones are freed. */
  run(name: string, attributes: readonly Attribute[], inputs: readonly (TensorInfo | Constant)[], outputs?: number): EngineTensor;
  runAll(name: string, attributes: readonly Attribute[], inputs: readonly (TensorInfo | Constant)[], outputs: number): EngineTensor[];
  /** A vector of int32, or a scalar. */
  integers(values: number | readonly number[]): Constant;
  /** A matrix of int32. */
  rows(values: readonly (readonly number[])[]): Constant;
  number(value: number): Constant;
  /** The kind of elements: float32 unless said. */
  type(name: string, integer?: boolean): Attribute;
  whole(name: string, value: number | readonly number[]): Attribute;
  real(name: string, value: number): Attribute;
  text(name: string, value: string): Attribute;
  flag(name: string, value: boolean): Attribute;
}

/** Far above what one network needs; a learning rate that changes at every step adds one each time. */
const KEPT_CONSTANTS = 4096;

export function operators(backend: NodeBackend): Operators {
  const { binding } = backend;
  const kept = new Map<string, Constant>();

  /** The least recently used constant goes first. */
  function constant(key: string, shape: readonly number[], dtype: number, values: () => Values): Constant {
    const known = kept.get(key);
    const made = known ?? { handle: binding.createTensor(shape, dtype, values()) };
    kept.delete(key);
    kept.set(key, made);
    if (kept.size > KEPT_CONSTANTS) {
      const [oldest, { handle }] = kept.entries().next().value!;
      kept.delete(oldest);
      binding.deleteTensor(handle);
    }
    return made;
  }

  function handleOf(input: TensorInfo | Constant): number {
    return "handle" in input ? input.handle : backend.getInputTensorIds([input])[0]!;
  }

  const execute = (name: string, attributes: readonly Attribute[], inputs: readonly (TensorInfo | Constant)[], outputs: number): Output[] => binding.executeOp(name, attributes, inputs.map(handleOf), outputs);

  return {
    run(name, attributes, inputs, outputs = 1) {
      const [first, ...others] = execute(name, attributes, inputs, outputs);
      for (const { id } of others) binding.deleteTensor(id);
      return backend.createOutputTensor(first!);
    },
    runAll: (name, attributes, inputs, outputs) => execute(name, attributes, inputs, outputs).map((output) => backend.createOutputTensor(output)),
    integers: (values) => (typeof values === "number"
      ? constant(`i ${values}`, [], binding.TF_INT32, () => Int32Array.of(values))
      : constant(`[${values.join()}]`, [values.length], binding.TF_INT32, () => Int32Array.from(values))),
    rows: (values) => constant(`[${values.map((row) => `[${row.join()}]`).join()}]`, [values.length, values[0]?.length ?? 0], binding.TF_INT32, () => Int32Array.from(values.flat())),
    number: (value) => constant(`f ${value}`, [], binding.TF_FLOAT, () => Float32Array.of(value)),
    type: (name, integer = false) => ({ name, type: binding.TF_ATTR_TYPE, value: integer ? binding.TF_INT32 : binding.TF_FLOAT }),
    whole: (name, value) => ({ name, type: binding.TF_ATTR_INT, value }),
    real: (name, value) => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    text: (name, value) => ({ name, type: binding.TF_ATTR_STRING, value }),
    flag: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
  };
}

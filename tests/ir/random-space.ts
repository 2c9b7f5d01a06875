/**
 * Random small spaces, made through VariablePool as elaboration makes them: nested guards (also on later decisions), options allowed
 * here and there, derived variables, constraints, and a graph of operators and selects with exact guards. And the slow truth about
 * them: every vector of genes looked at, one after the other.
 */
import { sharingStrategies, type Architecture, type Constraint, type InputNode, type NodeId, type OperatorNode, type SelectNode, type Space, type SpaceNode, type Value, type VariableId } from "../../src/ir/space.js";
import { constantValue } from "../../src/ir/values.js";
import { VariablePool } from "../../src/ir/variable-pool.js";
import type { AttributeValue, Operator, Shape } from "../../src/ops/operator.js";
import { noWork } from "../../src/ops/workload.js";
import { randomStream, type RandomStream } from "../../src/random/stream.js";

const ALWAYS = constantValue(true);

/** Shape rules of the operators that random spaces are made of. */
export const testOperators: ReadonlyMap<string, Operator> = new Map([
  operator("conv", 1, (shapes, { filters }) => [shapes[0]![0]!, shapes[0]![1]!, filters as number]),
  operator("relu", 1, (shapes) => shapes[0]!),
  operator("concat", 2, (shapes) => [shapes[0]![0]!, shapes[0]![1]!, shapes[0]![2]! + shapes[1]![2]!]),
].map((made) => [made.name, made]));

function operator(name: string, inputs: number, shape: (shapes: readonly Shape[], attributes: Readonly<Record<string, AttributeValue>>) => Shape): Operator {
  return {
    name, summary: "", example: "", category: "linear", inputs: { minimum: inputs, maximum: inputs }, parameters: [],
    shape: (shapes, attributes) => ({ shape: shape(shapes, attributes) }),
    weights: () => [], forward: ({ inputs: tensors }) => tensors[0]!, workload: () => noWork,
  };
}

class Generator {
  readonly pool = new VariablePool();
  readonly values: Value<number>[] = [];
  constructor(readonly random: RandomStream) {}

  chance(probability: number): boolean {
    return this.random.uniform() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.random.integer(items.length)]!;
  }

  /** True for about `share` of the combinations of one or two known values, and somewhere. */
  condition(share: number): Value<boolean> {
    const operands = this.chance(0.5) ? [this.pick(this.values)] : [this.pick(this.values), this.pick(this.values)];
    const value = this.pool.combine(operands, () => this.chance(share));
    return value.cells.includes(true) ? value : ALWAYS;
  }

  indexOf(id: VariableId): Value<number> {
    const { domain } = this.pool.variables[id]!;
    return { scope: [id], cells: domain.map((_, option) => option) };
  }

  decision(at: number, options: number, guarded: boolean): void {
    const first = this.random.integer(9);
    const texts = this.chance(0.3);
    const id = this.pool.addDecision({
      path: `d${at}${at % 2 === 1 ? `[${at}]` : ""}`,
      domain: Array.from({ length: options }, (_, option): AttributeValue => (texts ? { tag: "pick", arguments: { at: option } } : first + option)),
      labels: Array.from({ length: options }, (_, option) => (texts ? `option${option}` : String(first + option))),
      binding: this.chance(0.15) ? "adapt" : "choose",
      ...(guarded && this.values.length > 0 && this.chance(0.5) ? { guard: this.condition(0.6) } : {}),
      ...(this.values.length > 0 && this.chance(0.3) ? { allowed: Array.from({ length: options }, () => (this.chance(0.5) ? ALWAYS : this.condition(0.7))) } : {}),
    });
    this.values.push(this.indexOf(id));
    if (this.values.length > 1 && this.chance(0.5)) this.derived(at);
  }

  derived(at: number): void {
    const modulus = 2 + this.random.integer(3);
    const sum = this.pool.fold([this.pick(this.values), this.pick(this.values), this.values.at(-1)!], this.random.integer(3), (state, cell) => (state + cell) % modulus);
    const value = this.pool.materialise(sum, `sum${at}`);
    if (value.scope.length > 0) this.values.push(value);
  }
}

/** Variables and constraints: up to 3^6 vectors of genes. */
function variables(generator: Generator): Constraint[] {
  const { random, pool } = generator;
  const count = 2 + random.integer(5);
  // The last decision has no guard, so that others may depend on it without going in circles.
  for (let at = 0; at < count; at++) generator.decision(at, 1 + random.integer(3), at < count - 1);
  const last = pool.variables.findLast((variable) => variable.kind === "decision")!;
  for (const variable of pool.variables) {
    if (variable.kind !== "decision" || variable.id >= last.id || !generator.chance(0.15)) continue;
    if (last.kind === "decision" && last.allowed.every((value) => value.scope.length === 0)) pool.updateDecision(variable.id, { guard: pool.map(generator.indexOf(last.id), (option) => option === 0) });
  }
  return Array.from({ length: random.integer(3) }, (_, at): Constraint => {
    const condition = generator.condition(0.7);
    return { condition: { scope: condition.scope, cells: condition.cells.map((cell) => (generator.chance(0.05) ? undefined : cell)) }, text: `constraint ${at}` };
  });
}

type Draft = Omit<InputNode, "guard"> | Omit<OperatorNode, "guard"> | Omit<SelectNode, "guard">;

function draftNodes(generator: Generator): Draft[] {
  const { pool, random, values } = generator;
  const drafts: Draft[] = [{ kind: "input", id: 0, name: "image", element: "f32", shape: constantValue<readonly number[]>([4, 4, 1]), path: "image" }];
  const steps = 3 + random.integer(6);
  for (let step = 0; step < steps; step++) {
    const id = drafts.length;
    const recent = drafts.slice(-4);
    const [first, second] = [generator.pick(recent), generator.pick(recent)];
    const kind = random.integer(4);
    const path = `node${id}`;
    if (kind === 0) {
      const filters = pool.map(generator.pick(values), (value) => value + 1);
      const shape = pool.combine([first.shape, filters], ([height, width], channels): readonly number[] => [height!, width!, channels]);
      drafts.push({ kind: "operator", id, operator: "conv", inputs: [first.id], attributes: { filters, padding: constantValue<AttributeValue>("same") }, weightKey: random.integer(3) === 0 ? "trunk" : path, shape, path });
    } else if (kind === 1) drafts.push({ kind: "operator", id, operator: "relu", inputs: [first.id], attributes: {}, weightKey: path, shape: first.shape, path });
    else if (kind === 2) {
      const shape = pool.combine([first.shape, second.shape], (a, b): readonly number[] => [a[0]!, a[1]!, a[2]! + b[2]!]);
      drafts.push({ kind: "operator", id, operator: "concat", inputs: [first.id, second.id], attributes: {}, weightKey: path, shape, path });
    } else {
      const selector = pool.map(generator.pick(values), (value) => value % 2);
      drafts.push({ kind: "select", id, inputs: [first.id, second.id], selector, shape: pool.select(selector, [first.shape, second.shape]), path });
    }
  }
  return drafts;
}

/** Guards from the output backwards; nodes that are never needed go. */
function withGuards(pool: VariablePool, drafts: readonly Draft[]): SpaceNode[] {
  const guards = drafts.map(() => constantValue<boolean>(false));
  guards[drafts.length - 1] = ALWAYS;
  for (let id = drafts.length - 1; id >= 0; id--) {
    const draft = drafts[id]!;
    const inputs = draft.kind === "input" ? [] : draft.inputs;
    inputs.forEach((input, at) => {
      const taken = draft.kind === "select" ? pool.map(draft.selector, (selected) => selected === at) : ALWAYS;
      guards[input] = pool.or(guards[input]!, pool.and(guards[id]!, taken));
    });
  }
  const kept = drafts.filter(({ id }) => !pool.always(guards[id]!, false));
  const numbers = new Map(kept.map(({ id }, at) => [id, at]));
  const number = (id: NodeId): NodeId => numbers.get(id)!;
  return kept.map((draft): SpaceNode => {
    const guard = guards[draft.id]!;
    if (draft.kind === "input") return { ...draft, id: number(draft.id), guard };
    // An alternative that is never taken has no node any more: some other stands in its place.
    const inputs = draft.inputs.map((input) => numbers.get(input) ?? number(draft.inputs.find((other) => numbers.has(other))!));
    return draft.kind === "select" ? { ...draft, id: number(draft.id), inputs, guard } : { ...draft, id: number(draft.id), inputs, guard };
  });
}

/** A pure function of the seed. */
export function randomSpace(seed: number): Space {
  const generator = new Generator(randomStream(seed, "random space"));
  const constraints = variables(generator);
  const drafts = draftNodes(generator);
  const nodes = withGuards(generator.pool, drafts);
  return {
    name: `Random${seed}`, variables: [...generator.pool.variables], nodes, inputs: nodes.flatMap((node) => (node.kind === "input" ? [node.id] : [])),
    outputs: [{ name: "classes", node: nodes.length - 1 }], constraints, sharing: generator.pick(sharingStrategies),
  };
}

/** Written apart from src/ir/assignment.ts on purpose. */
export function fullAssignment(space: Space, genes: readonly number[]): number[] {
  const assignment: number[] = [];
  let gene = 0;
  for (const variable of space.variables) if (variable.kind === "decision") assignment[variable.id] = genes[gene++]!;
  for (const variable of space.variables) {
    if (variable.kind === "derived") assignment[variable.id] = Math.max(0, cellAt(space, { scope: variable.parents, cells: variable.table }, assignment)!);
  }
  return assignment;
}

export function cellAt<T extends AttributeValue>(space: Space, value: Value<T>, assignment: readonly number[]): T | undefined {
  return value.cells[value.scope.reduce((index, id) => index * space.variables[id]!.domain.length + assignment[id]!, 0)];
}

/** All vectors of genes, and those among them that are canonical members, in lexicographic order. */
export function everyMember(space: Space): Architecture[] {
  const decisions = space.variables.filter((variable) => variable.kind === "decision");
  const vectors = decisions.reduce<number[][]>((all, { domain }) => all.flatMap((prefix) => domain.map((_, option) => [...prefix, option])), [[]]);
  return vectors.filter((genes) => {
    const assignment = fullAssignment(space, genes);
    return decisions.every((decision, at) => {
      const option = genes[at]!;
      if (cellAt(space, decision.guard, assignment) !== true) return option === 0;
      const allowed = decision.allowed.flatMap((value, index) => (cellAt(space, value, assignment) === true ? [index] : []));
      return decision.binding === "adapt" ? option === allowed[allowed.length - 1] : allowed.includes(option);
    }) && space.constraints.every(({ condition }) => cellAt(space, condition, assignment) !== false);
  });
}

/**
 * A second meaning of programs, as simple as can be: evaluates one architecture at a time, asking an oracle at each `choose`. Going
 * through all answers of the oracle gives every architecture by brute force, which is what the compiler's proofs, counts and networks
 * are compared with.
 */
import { isProblem, type AttributeValue, type Attributes, type Operator, type ParameterType, type Shape } from "../../../src/ops/operator.js";
import { operators } from "../../../src/ops/registry.js";
import type { Argument, BinaryExpression, CallExpression, ChooseExpression, Expression, ForStatement, Program, SpaceDeclaration, Statement } from "../../../src/parser/ast.js";
import { keyOf } from "../../../src/ir/values.js";
import { namesIn, assignedIn } from "../../../src/ir/elaborate/names-in.js";
import { arithmetic, builtins, isBuiltin } from "./reference-arithmetic.js";
import { plainValue, valueOf, type Frame, type Meaning, type Returned, type TensorNode } from "./reference-terms.js";

/** Which of `options` is taken. */
export type Oracle = (options: number) => number;

/** All rounds of a frame under one key; each knows the names that its loop assigns. */
const ROUNDS = "*";

/** No alternative of a choice may be taken: there is no such architecture. */
class NoOption extends Error {}

export interface Outcome {
  /** A requirement fails, or a choice is left without option: not an architecture. */
  readonly excluded: boolean;
  /** What goes wrong on the way to an output. */
  readonly failure?: string;
  /** The network with the places of its weights; only where nothing fails. */
  readonly network?: string;
  /** The network without places: operators, attributes, shapes, wiring. */
  readonly structure?: string;
}

class Interpreter {
  readonly nodes: TensorNode[] = [];
  readonly outputs: { readonly name: string; readonly id: number }[] = [];
  excluded = false;
  failure: string | undefined;
  private readonly chosen = new Map<string, number>();
  private readonly blocks;

  constructor(program: Program, private readonly oracle: Oracle) {
    this.blocks = new Map(program.declarations.flatMap((each) => (each.kind === "block" ? [[each.name.name, each] as const] : [])));
  }

  run(space: SpaceDeclaration): Outcome {
    try {
      this.execute(space.body, { locals: new Map(), history: new Map(), instance: "" });
    } catch (error) {
      if (!(error instanceof NoOption)) throw error;
      return { excluded: true };
    }
    const lost = this.outputs.find(({ id }) => this.nodes[id]!.shape === undefined);
    const failure = this.failure ?? (lost === undefined ? undefined : this.reasonOf(lost.id));
    if (this.excluded || failure !== undefined) return { excluded: this.excluded, ...(failure === undefined ? {} : { failure }) };
    return { excluded: false, network: this.written(true), structure: this.written(false) };
  }

  private reasonOf(id: number): string {
    const node = this.nodes[id]!;
    const culprit = node.inputs.find((input) => this.nodes[input]!.shape === undefined);
    return culprit === undefined ? node.problem ?? "no shape" : this.reasonOf(culprit);
  }

  private written(places: boolean): string {
    const needed = new Set<number>();
    const visit = (id: number): void => { if (!needed.has(id)) { needed.add(id); this.nodes[id]!.inputs.forEach(visit); } };
    this.outputs.forEach(({ id }) => visit(id));
    return writeStructure(this.nodes.filter(({ id }) => needed.has(id)), this.outputs, places ? (node) => node.place : () => "");
  }

  // ---- statements ----

  private execute(statements: readonly Statement[], frame: Frame): Returned {
    for (const statement of statements) {
      const returned = this.statement(statement, frame);
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  private statement(statement: Statement, frame: Frame): Returned {
    switch (statement.kind) {
      case "assign": {
        const value = this.evaluate(statement.value, frame);
        const [only] = statement.targets;
        if (statement.targets.length === 1) frame.locals.set(only!.name, value);
        else if (value.kind === "list") statement.targets.forEach(({ name }, at) => frame.locals.set(name, value.elements[at]!));
        else throw new Error("several names need a list");
        return undefined;
      }
      case "for": this.loop(statement, frame); return undefined;
      case "if_statement": {
        const condition = plainValue(this.evaluate(statement.condition, frame));
        return condition === true ? this.execute(statement.then, frame) : condition === false ? this.execute(statement.otherwise ?? [], frame) : undefined;
      }
      case "require": this.requirement(statement.condition, statement.forEvery?.map(({ name }) => name) ?? [], frame); return undefined;
      case "input": {
        const shape = statement.dimensions.map((each) => plainValue(this.evaluate(each, frame)) as number);
        frame.locals.set(statement.name.name, this.addNode({ operator: `input ${statement.element.name}`, inputs: [], attributes: {}, shape, place: statement.name.name }));
        return undefined;
      }
      case "output": {
        const value = this.evaluate(statement.value, frame);
        this.outputs.push({ name: statement.name.name, id: value.kind === "tensor" ? value.id : this.absent(value) });
        return undefined;
      }
      case "share": return undefined;
      case "return": return statement.values.map((value) => this.evaluate(value, frame));
      default: { const never: never = statement; return never; }
    }
  }

  private loop(statement: ForStatement, frame: Frame): void {
    const { range } = statement;
    const values = range.kind === "range" ? this.countUp(range.from, range.to, range.by, frame) : plainValue(this.evaluate(range, frame));
    if (!Array.isArray(values)) return;
    for (const value of values as readonly AttributeValue[]) {
      const inner: Frame = { ...frame, instance: `${frame.instance}[${keyOf(value)}]@${statement.span.start}` };
      const before = frame.locals.get(statement.variable.name);
      frame.locals.set(statement.variable.name, valueOf(value));
      this.execute(statement.body, inner);
      if (before !== undefined) frame.locals.set(statement.variable.name, before);
      const rounds = frame.history.get(ROUNDS) ?? [];
      const assigned = assignedIn(statement.body);
      rounds.push({ locals: new Map([...frame.locals].filter(([name]) => assigned.has(name))) });
      frame.history.set(ROUNDS, rounds);
    }
  }

  private countUp(from: Expression, to: Expression, by: Expression | undefined, frame: Frame): readonly number[] | undefined {
    const [low, high, step] = [from, to, by].map((each) => (each === undefined ? 1 : plainValue(this.evaluate(each, frame))));
    if (typeof low !== "number" || typeof high !== "number" || typeof step !== "number") return undefined;
    return Array.from({ length: Math.max(0, Math.floor((high - low) / step + 1e-9) + 1) }, (_, at) => low + at * step);
  }

  private requirement(condition: Expression, forEvery: readonly string[], frame: Frame): void {
    const rounds = forEvery.length === 0 ? [frame.locals] : (frame.history.get(ROUNDS) ?? []).filter(({ locals }) => forEvery.every((name) => locals.has(name))).map(({ locals }) => new Map([...frame.locals, ...forEvery.map((name) => [name, locals.get(name)!] as const)]));
    for (const locals of rounds) if (plainValue(this.evaluate(condition, { ...frame, locals })) === false) this.excluded = true;
  }

  // ---- expressions ----

  private evaluate(expression: Expression, frame: Frame, expected?: ParameterType): Meaning {
    switch (expression.kind) {
      case "number": case "string": case "boolean": return valueOf(expression.value);
      case "none": return { kind: "none" };
      case "name": return this.nameMeaning(expression.name, frame, expected);
      case "list": return { kind: "list", elements: expression.elements.map((each) => this.evaluate(each, frame, expected)) };
      case "unary": {
        const operand = this.evaluate(expression.operand, frame);
        if (operand.kind === "tensor") return this.apply(operators.get("scale")!, [operand], { factor: -1 }, `${frame.instance}|${expression.span.start}:scale`);
        const value = plainValue(operand);
        return valueOf(value === undefined ? undefined : expression.operator === "-" ? -(value as number) : !(value as boolean));
      }
      case "binary": return this.binary(expression, frame);
      case "range": return valueOf(this.countUp(expression.from, expression.to, expression.by, frame));
      case "call": return this.callExpression(expression, frame, undefined, expected);
      case "index": return this.index(expression.target, expression.index, frame);
      case "pipe": {
        const left = this.evaluate(expression.left, frame);
        if (left.kind === "operator" || left.kind === "partial" || left.kind === "block") return { kind: "partial", apply: (piped) => this.pipe(expression.right, this.call(left, [], piped, frame, expression.span.start), frame) };
        return this.pipe(expression.right, left, frame);
      }
      case "if": {
        const condition = plainValue(this.evaluate(expression.condition, frame));
        if (condition === undefined) return valueOf(undefined);
        return this.evaluate(condition === true ? expression.then : expression.otherwise, frame, expected);
      }
      case "choose": return this.choose(expression, frame, (value) => this.evaluate(value, frame, expected));
      case "weights": return this.evaluate(expression.value, frame, expected);
      case "record": case "dimensions": case "invalid": throw new Error(`the reference has no ${expression.kind}`);
      default: { const never: never = expression; return never; }
    }
  }

  private nameMeaning(name: string, frame: Frame, expected?: ParameterType): Meaning {
    const local = frame.locals.get(name);
    if (local !== undefined) return local;
    const block = this.blocks.get(name);
    if (block !== undefined) return { kind: "block", declaration: block };
    if (expected?.kind === "enumeration" && expected.members.some((member) => member.name === name)) return valueOf(name);
    const operator = operators.get(name);
    if (operator !== undefined) return { kind: "operator", operator };
    return isBuiltin(name) ? { kind: "builtin", name } : valueOf(name);
  }

  private index(target: Expression, at: Expression, frame: Frame): Meaning {
    const list = this.evaluate(target, frame);
    const position = plainValue(this.evaluate(at, frame));
    if (position === undefined) return valueOf(undefined);
    const elements = list.kind === "list" ? list.elements : ((plainValue(list) ?? []) as readonly AttributeValue[]).map(valueOf);
    const element = elements[position as number];
    if (element !== undefined) return element;
    this.failure ??= `index ${String(position)} of ${elements.length}`;
    return valueOf(undefined);
  }

  private choose(expression: ChooseExpression, frame: Frame, alternative: (value: Expression) => Meaning): Meaning {
    const guarded = expression.guard === undefined || plainValue(this.evaluate(expression.guard, frame)) === true;
    const { alternatives, range } = expression;
    if (alternatives !== undefined) {
      if (!guarded) return alternative(alternatives[0]!.value);
      const allowed = alternatives.filter(({ guard }) => guard === undefined || plainValue(this.evaluate(guard, frame)) !== false);
      return alternative(allowed[this.decide(expression, frame, allowed.length)]!.value);
    }
    const values = range?.kind === "range" ? this.countUp(range.from, range.to, range.by, frame) : (plainValue(this.evaluate(range!, frame)) as readonly AttributeValue[] | undefined);
    if (values === undefined) return valueOf(undefined);
    return valueOf(values[guarded ? this.decide(expression, frame, values.length) : 0]);
  }

  private decide(expression: ChooseExpression, frame: Frame, options: number): number {
    if (options === 0) throw new NoOption("nothing to choose from");
    const key = `${frame.instance}|${expression.span.start}`;
    const known = this.chosen.get(key);
    if (known !== undefined) return known;
    const option = options === 1 ? 0 : this.oracle(options);
    this.chosen.set(key, option);
    return option;
  }

  private binary({ operator, left, right, span }: BinaryExpression, frame: Frame): Meaning {
    const a = this.evaluate(left, frame);
    if (operator === "and" || operator === "or") {
      const first = plainValue(a);
      return first === (operator === "or") ? valueOf(first) : valueOf(plainValue(this.evaluate(right, frame)));
    }
    const b = this.evaluate(right, frame);
    if (a.kind !== "tensor" && b.kind !== "tensor") {
      const [x, y] = [plainValue(a), plainValue(b)];
      return valueOf(x === undefined || y === undefined ? undefined : arithmetic(operator, x, y));
    }
    const place = `${frame.instance}|${span.start}-${span.end}`;
    const names: Readonly<Record<string, string>> = { "+": "plus", "-": "minus", "*": "times", "/": "divided_by" };
    if (a.kind === "tensor" && b.kind === "tensor") return this.apply(operators.get(names[operator]!)!, [a, b], {}, `${place}:${operator}`);
    const tensor = a.kind === "tensor" ? a : b;
    const number = plainValue(a.kind === "tensor" ? b : a) as number | undefined;
    const scaled = (input: Meaning, factor: number | undefined): Meaning => this.apply(operators.get("scale")!, [input], { factor }, `${place}:scale`);
    const moved = (input: Meaning, amount: number | undefined): Meaning => this.apply(operators.get("offset")!, [input], { amount }, `${place}:offset`);
    switch (operator) {
      case "+": return moved(tensor, number);
      case "*": return scaled(tensor, number);
      case "-": return tensor === a ? moved(tensor, number === undefined ? undefined : 0 - number) : moved(scaled(tensor, -1), number);
      case "/": return scaled(tensor, number === undefined ? undefined : 1 / number);
      default: throw new Error(`no \`${operator}\` on tensors`);
    }
  }

  // ---- calls ----

  private pipe(right: Expression, piped: Meaning, frame: Frame): Meaning {
    switch (right.kind) {
      case "call": return this.callExpression(right, frame, piped);
      case "pipe": return this.pipe(right.right, this.pipe(right.left, piped, frame), frame);
      case "choose": return right.alternatives ? this.choose(right, frame, (value) => this.pipe(value, piped, frame)) : this.call(this.evaluate(right, frame), [], piped, frame, right.span.start);
      case "if": {
        const condition = plainValue(this.evaluate(right.condition, frame));
        return condition === undefined ? valueOf(undefined) : this.pipe(condition === true ? right.then : right.otherwise, piped, frame);
      }
      case "weights": return this.pipe(right.value, piped, frame);
      default: return this.call(this.evaluate(right, frame), [], piped, frame, right.span.start);
    }
  }

  private callExpression(expression: CallExpression, frame: Frame, piped: Meaning | undefined, expected?: ParameterType): Meaning {
    const name = expression.callee.kind === "name" ? expression.callee.name : undefined;
    const member = expected?.kind === "enumeration" ? expected.members.find((each) => each.name === name) : undefined;
    if (member !== undefined && piped === undefined) return valueOf({ tag: member.name, arguments: this.namedValues(expression.arguments, frame) });
    const callee = this.evaluate(expression.callee, frame);
    if (callee.kind === "builtin" && callee.name === "count") return valueOf(this.countRounds(expression.arguments[0]!.value, frame));
    // `linear(feature = relu)` where nothing is expected: a symbol with its arguments.
    if (callee.kind === "value" && typeof callee.value === "string") return valueOf({ tag: callee.value, arguments: this.namedValues(expression.arguments, frame) });
    return this.call(callee, expression.arguments, piped, frame, expression.span.start);
  }

  private namedValues(given: readonly Argument[], frame: Frame): Record<string, AttributeValue> {
    return Object.fromEntries(given.map(({ name, value }) => [name!.name, plainValue(this.evaluate(value, frame))!]));
  }

  private countRounds(condition: Expression, frame: Frame): number {
    const names = namesIn(condition);
    return (frame.history.get(ROUNDS) ?? []).filter(({ locals }) => [...locals.keys()].some((name) => names.has(name))).filter(({ locals }) => plainValue(this.evaluate(condition, { ...frame, locals: new Map([...frame.locals, ...locals]) })) === true).length;
  }

  private call(callee: Meaning, given: readonly Argument[], piped: Meaning | undefined, frame: Frame, start: number): Meaning {
    switch (callee.kind) {
      case "operator": return this.callOperator(callee.operator, given, piped, frame, start);
      case "partial": return callee.apply(piped ?? this.evaluate(given[0]!.value, frame));
      case "builtin": return this.callBuiltin(callee.name, [...(piped === undefined ? [] : [piped]), ...given.map(({ value }) => this.evaluate(value, frame))]);
      case "block": {
        const { parameters, body } = callee.declaration;
        const inner: Frame = { locals: new Map(), history: new Map(), instance: `${frame.instance}>${start}` };
        let position = 0;
        if (piped !== undefined) inner.locals.set(parameters[position++]!.name.name, piped);
        for (const argument of given) inner.locals.set(argument.name?.name ?? parameters[position++]!.name.name, this.evaluate(argument.value, frame));
        for (const { name, defaultValue } of parameters) if (!inner.locals.has(name.name)) inner.locals.set(name.name, this.evaluate(defaultValue!, inner));
        const returned = this.execute(body, inner) ?? [];
        return returned.length === 1 ? returned[0]! : { kind: "list", elements: returned };
      }
      default: throw new Error(`a ${callee.kind} is not called`);
    }
  }

  private callBuiltin(name: string, given: readonly Meaning[]): Meaning {
    // Whoever asks a refused tensor for its extents cannot go on.
    for (const each of given) if (each.kind === "tensor" && this.nodes[each.id]!.shape === undefined) this.failure ??= this.reasonOf(each.id);
    const values = given.map((each) => (each.kind === "tensor" ? this.nodes[each.id]!.shape : plainValue(each)));
    return valueOf(values.includes(undefined) ? undefined : builtins[name]!(values as readonly AttributeValue[]));
  }

  private callOperator(operator: Operator, given: readonly Argument[], piped: Meaning | undefined, frame: Frame, start: number): Meaning {
    const tensors: Meaning[] = piped === undefined ? [] : [piped];
    const attributes: Record<string, AttributeValue | undefined> = {};
    let position = 0;
    for (const { name, value } of given) {
      const parameter = name === undefined ? operator.parameters[position] : operator.parameters.find((each) => each.name === name.name);
      const meaning = this.evaluate(value, frame, parameter?.type);
      if (name === undefined && meaning.kind === "tensor") tensors.push(meaning);
      else {
        if (name === undefined) position++;
        attributes[parameter!.name] = plainValue(meaning);
      }
    }
    for (const { name, defaultValue, quiet } of operator.parameters) if (!(name in attributes) && defaultValue !== undefined && quiet !== true) attributes[name] = defaultValue;
    const place = `${frame.instance}|${start}:${operator.name}`;
    if (tensors.length < operator.inputs.minimum) return { kind: "partial", apply: (tensor) => this.apply(operator, [tensor, ...tensors], attributes, place) };
    return this.apply(operator, tensors, attributes, place);
  }

  private apply(operator: Operator, tensors: readonly Meaning[], given: Readonly<Record<string, AttributeValue | undefined>>, place: string): Meaning {
    const inputs = tensors.map((tensor) => { if (tensor.kind !== "tensor") return this.absent(tensor); return tensor.id; });
    const attributes: Record<string, AttributeValue> = {};
    for (const { name, defaultValue, quiet } of operator.parameters) {
      if (quiet === true && !(name in given)) continue;
      const value = name in given ? given[name] : defaultValue;
      if (value === undefined) return this.addNode({ operator: operator.name, inputs, attributes, shape: undefined, place, problem: `no ${name}` });
      attributes[name] = value;
    }
    const shapes = inputs.map((id) => this.nodes[id]!.shape);
    if (shapes.includes(undefined)) return this.addNode({ operator: operator.name, inputs, attributes, shape: undefined, place });
    const result = operator.shape(shapes as readonly Shape[], attributes satisfies Attributes);
    if (isProblem(result)) return this.addNode({ operator: operator.name, inputs, attributes, shape: undefined, place, problem: `${result.problem}: ${result.detail}` });
    return this.addNode({ operator: operator.name, inputs, attributes, shape: result.shape, place });
  }

  /** What stands for a tensor where a condition is not defined. */
  private absent(meaning: Meaning): number {
    if (meaning.kind !== "value" || meaning.value !== undefined) throw new Error(`an operator takes tensors, not ${meaning.kind}`);
    const node = this.addNode({ operator: "absent", inputs: [], attributes: {}, shape: undefined, place: "", problem: "a condition is not defined" });
    return node.kind === "tensor" ? node.id : 0;
  }

  private addNode(node: Omit<TensorNode, "id">): Meaning {
    const id = this.nodes.length;
    this.nodes.push({ id, ...node });
    return { kind: "tensor", id };
  }
}

interface WrittenNode { readonly id: number; readonly operator: string; readonly inputs: readonly number[]; readonly attributes: Attributes; readonly shape: Shape | undefined }

/** A network as text that does not depend on the order of its nodes: every output as the term that it is. */
export function writeStructure<N extends WrittenNode>(nodes: readonly N[], outputs: readonly { readonly name: string; readonly id: number }[], more: (node: N) => string): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const numbers = new Map<number, number>();
  const lines: string[] = [];
  const visit = (id: number): number => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    const node = byId.get(id)!;
    const inputs = node.inputs.map(visit);
    const attributes = Object.keys(node.attributes).sort().map((name) => `${name}=${keyOf(node.attributes[name])}`);
    lines.push(`${node.operator}(${inputs.join()}){${attributes.join()}}[${node.shape?.join() ?? ""}]${more(node)}`);
    numbers.set(id, lines.length - 1);
    return lines.length - 1;
  };
  const ends = outputs.map(({ name, id }) => `${name}=${visit(id)}`);
  return [...lines, ...ends].join("\n");
}

/** Every architecture of the first space of a program, at most `limit` of them; undefined where there are more. */
export function everyArchitecture(program: Program, limit: number): readonly Outcome[] | undefined {
  const space = program.declarations.find((each): each is SpaceDeclaration => each.kind === "space");
  if (space === undefined) throw new Error("there is no space");
  const outcomes: Outcome[] = [];
  let path: { readonly option: number; readonly options: number }[] = [];
  for (;;) {
    const walked: { readonly option: number; readonly options: number }[] = [];
    const oracle: Oracle = (options) => {
      const option = path[walked.length]?.option ?? 0;
      walked.push({ option, options });
      return option;
    };
    outcomes.push(new Interpreter(program, oracle).run(space));
    if (outcomes.length > limit) return undefined;
    const last = walked.findLastIndex(({ option, options }) => option + 1 < options);
    if (last < 0) return outcomes;
    path = [...walked.slice(0, last), { ...walked[last]!, option: walked[last]!.option + 1 }];
  }
}

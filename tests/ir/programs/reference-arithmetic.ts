/** Plain arithmetic and the built-in functions of the language, for the reference interpreter. */
import type { AttributeValue } from "../../../src/ops/operator.js";
import type { BinaryOperator } from "../../../src/parser/ast.js";
import { keyOf } from "../../../src/ir/values.js";

export function arithmetic(operator: BinaryOperator, a: AttributeValue, b: AttributeValue): AttributeValue {
  if (operator === "==" || operator === "!=") return (keyOf(a) === keyOf(b)) === (operator === "==");
  if (operator === "in") return (b as readonly AttributeValue[]).some((each) => keyOf(each) === keyOf(a));
  const [x, y] = [a as number, b as number];
  switch (operator) {
    case "+": return x + y;
    case "-": return x - y;
    case "*": return x * y;
    case "/": return x / y;
    case "%": return x - y * Math.floor(x / y);
    case "^": return x ** y;
    case "<": return x < y;
    case "<=": return x <= y;
    case ">": return x > y;
    case ">=": return x >= y;
    default: throw new Error(`no \`${operator}\` on numbers`);
  }
}

const numbers = (values: readonly AttributeValue[]): readonly number[] => values.flat() as number[];

/** Of values, where a tensor stands for its shape. */
export const builtins: Readonly<Record<string, (values: readonly AttributeValue[]) => AttributeValue | undefined>> = {
  channels: ([shape]) => (shape as readonly number[]).at(-1),
  height: ([shape]) => (shape as readonly number[])[0],
  width: ([shape]) => (shape as readonly number[])[1],
  tokens: ([shape]) => (shape as readonly number[]).slice(0, -1).reduce((product, extent) => product * extent, 1),
  min: (values) => Math.min(...numbers(values)),
  max: (values) => Math.max(...numbers(values)),
  round: ([x]) => Math.floor((x as number) + 0.5),
  floor: ([x]) => Math.floor(x as number),
  count: () => undefined,
};

export const isBuiltin = (name: string): boolean => Object.hasOwn(builtins, name);

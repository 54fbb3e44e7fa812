import { type Expression, type ExpressionType, mayOverflow, operandsOf } from "./expression.ts";
import { instantMicros } from "./instant-micros.ts";
import { invalid, type Problem, shown } from "./invalid.ts";

/** Levels of an expression, each of which engines and JavaScript follow with a call of their own. */
const DEEPEST_EXPRESSION = 100;
/**
 * The fields and operators that an expression may have in SQL, where some operators repeat their operands. Spark takes
 * seconds to plan an expression of this size.
 */
const HEAVIEST_EXPRESSION = 500;

/** A part of an expression that was read. `node` is null for `NULL`, whose type its surroundings say. */
export interface Operand {
  readonly node: Expression | null;
  readonly start: number;
  readonly depth: number;
  readonly weight: number;
}

/** What a type is called in messages. */
const TYPE_NAMES: Record<ExpressionType, string> = {
  text: "text",
  number: "a number",
  boolean: "a condition",
  instant: "an instant",
  json: "JSON",
};

/** Makes typed expressions from their operands, or says what is wrong with these. */
export class Builder {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  fail(problem: Problem): never {
    throw invalid(this.#text, problem);
  }

  /** An operand of a node and of what it was made of. */
  operand(node: Expression | null, start: number, parts: readonly Operand[] = []): Operand {
    const depth = 1 + Math.max(0, ...parts.map((part) => part.depth));
    const own = node === null || node.kind === "literal" ? 0 : 1;
    const weight = parts.reduce(
      (sum, part, index) => sum + (node === null ? 1 : repeats(node, index)) * part.weight,
      own,
    );
    const advice = "Split it into computed fields.";
    if (depth > DEEPEST_EXPRESSION) {
      const found = "a deeper one";
      this.fail({ start, expected: `an expression of at most ${DEEPEST_EXPRESSION} levels`, found, advice });
    }
    if (weight > HEAVIEST_EXPRESSION) {
      const expected = `an expression of at most ${HEAVIEST_EXPRESSION} fields and operators in SQL, where divisors and rounded values repeat`;
      this.fail({ start, expected, found: `${weight}`, advice });
    }
    return { node, start, depth, weight };
  }

  /** The operand as a value of a type. Text becomes an instant where one is needed, `NULL` a null of the type. */
  as(type: ExpressionType, { node, start }: Operand): Expression {
    if (node === null) return { kind: "literal", type, value: null };
    if (node.type === type) return node;
    if (type === "instant" && node.kind === "literal" && typeof node.value === "string") {
      return this.#instant(node.value, start);
    }
    return this.fail({ start, expected: TYPE_NAMES[type], found: describe(node), advice: adviceFor(type, node) });
  }

  /** Operands as values of the one type that they share, which must be one of `types`. */
  alike(operands: readonly Operand[], types: readonly ExpressionType[]): { type: ExpressionType; nodes: Expression[] } {
    const typed = operands.filter(({ node }) => node !== null);
    const first = typed.find(({ node }) => node?.type === "instant") ?? typed[0];
    const type = first?.node?.type;
    if (first === undefined || type === undefined) {
      const expected = "a value beside NULL that says its type";
      return this.fail({ start: operands[0]?.start ?? 0, expected, found: "NULL alone" });
    }
    if (!types.includes(type)) {
      const expected = types.map((name) => TYPE_NAMES[name]).join(", ");
      const advice = type === "json" ? "A JSON field can only be tested with IS NULL." : undefined;
      return this.fail({ start: first.start, expected, found: describe(first.node), ...(advice && { advice }) });
    }
    return { type, nodes: operands.map((operand) => this.as(type, operand)) };
  }

  /** Like {@link alike}, where null would make the whole null whatever else is there. */
  comparable(operands: readonly Operand[], types: readonly ExpressionType[]): Expression[] {
    const none = operands.find(({ node }) => node === null);
    if (none !== undefined) {
      const advice = "Nothing is equal to NULL; write IS NULL or IS NOT NULL.";
      this.fail({ start: none.start, expected: "a value to compare with", found: "NULL", advice });
    }
    return this.alike(operands, types).nodes;
  }

  #instant(value: string, start: number): Expression {
    if (instantMicros(value) !== null) return { kind: "literal", type: "instant", value };
    const expected = "an ISO 8601 date-time with an offset, such as '2025-11-27T10:00:00Z'";
    return this.fail({ start, expected, found: shown(value) });
  }
}

/** An expression in a few words. */
function describe(node: Expression | null): string {
  if (node === null) return "NULL";
  if (node.kind === "field") return `the field ${shown(node.name)}, which is ${TYPE_NAMES[node.type]}`;
  if (node.kind === "literal" && typeof node.value === "string") return `the text ${shown(node.value)}`;
  return TYPE_NAMES[node.type];
}

function adviceFor(type: ExpressionType, node: Expression): string {
  if (node.type === "json") return "A JSON field can only be tested with IS NULL.";
  if (type === "boolean") return "A condition is a comparison, a test such as IS NOT NULL, or a boolean field.";
  return "Values of different types are never converted.";
}

/** How often SQL repeats an operand of a node at most, and how often an engine may while it plans. */
function repeats(node: Expression, index: number): number {
  const checked = operandsOf(node).some(mayOverflow) ? 2 : 1;
  const first = index === 0;
  switch (node.kind) {
    case "arithmetic":
      return node.operator === "/" && !first ? 3 : 1;
    case "between":
    case "in":
      return first ? 2 * checked : checked;
    case "compare":
      return checked;
    case "call":
      if (["round", "floor", "ceil"].includes(node.name)) return 3;
      if (node.name === "starts_with") return first ? 1 : 2;
      return node.name === "nullif" && first ? 2 * checked : checked;
    default:
      return 1;
  }
}

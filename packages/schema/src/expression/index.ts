export { breaksCondition, evaluate } from "./evaluate.ts";
export {
  type ArithmeticOperator,
  type CaseBranch,
  type Comparison,
  type Expression,
  type ExpressionType,
  expressionFields,
  expressionType,
  type FunctionName,
  type Literal,
  mayOverflow,
} from "./expression.ts";
export { instantMicros } from "./instant-micros.ts";
export { type LikePart, likeParts } from "./like.ts";
export { parseCondition, parseExpression } from "./parse.ts";
export { printExpression } from "./print.ts";
export type { ExpressionValue } from "./value.ts";

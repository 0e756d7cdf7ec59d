/** What a query answered: a number for a scalar, numbers for a vector. */
export type QueryResult = number | readonly number[];

/** A condition's answer, or why it has none. */
export type ConditionAnswer = { kind: 'answer'; holds: boolean } | { kind: 'error'; message: string };

type Value = number | boolean | readonly number[];

/** Ends an evaluation with the controller's words; never leaves this file. */
class ConditionError extends Error {}

const FUNCTIONS = new Set(['len', 'isNaN', 'isInf']);

/**
 * Evaluates `successCondition` and `failureCondition`: `result`, `result[0]`, numbers, `len`, `isNaN`, `isInf`, comparison,
 * arithmetic, `&&`, `||`, `!` (or `and`, `or`, `not`) and brackets. Anything else of the expression language that Argo uses is
 * an error that says so.
 */
export function evaluateCondition(condition: string, result: QueryResult): ConditionAnswer {
  try {
    const parser = new Parser(tokensOf(condition), result);
    const value = parser.expression();
    if (!parser.isDone()) throw new ConditionError(`unexpected token ${parser.peek()}`);
    if (typeof value === 'boolean') return { kind: 'answer', holds: value };
    return { kind: 'error', message: `expected bool, but got ${typeName(value)}` };
  } catch (error) {
    if (error instanceof ConditionError) return { kind: 'error', message: error.message };
    throw error;
  }
}

function tokensOf(text: string): string[] {
  const tokens = text.match(
    /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|&&|\|\||[<>=!]=|[-+*/<>!()[\],]|\S/g,
  );
  return tokens ?? [];
}

function typeName(value: Value): string {
  if (typeof value === 'number') return 'float64';
  return typeof value === 'boolean' ? 'bool' : '[]float64';
}

const WORDS: Readonly<Record<string, string>> = { and: '&&', or: '||', not: '!' };

/** Recursive descent, evaluating on the way; what a false `&&` or a true `||` makes unneeded is parsed and not evaluated. */
class Parser {
  readonly #tokens: string[];
  readonly #result: QueryResult;
  #at = 0;
  #skipping = false;

  constructor(tokens: string[], result: QueryResult) {
    this.#tokens = tokens.map((token) => WORDS[token] ?? token);
    this.#result = result;
  }

  isDone(): boolean {
    return this.#at >= this.#tokens.length;
  }

  peek(): string {
    return this.#tokens[this.#at] ?? 'EOF';
  }

  expression(): Value {
    return this.#logical('||', () => this.#logical('&&', () => this.#comparison()));
  }

  #take(): string {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  #expect(token: string): void {
    const found = this.#take();
    if (found !== token) throw new ConditionError(`unexpected token ${found}`);
  }

  #logical(operator: '&&' | '||', operand: () => Value): Value {
    let left = operand();
    while (this.peek() === operator) {
      this.#take();
      const isDecided = left === (operator === '||');
      const wasSkipping = this.#skipping;
      this.#skipping = wasSkipping || isDecided;
      const right = operand();
      this.#skipping = wasSkipping;
      if (!this.#skipping) left = isDecided ? left : this.#both(operator, left, right);
    }
    return left;
  }

  #both(operator: string, left: Value, right: Value): Value {
    if (typeof left !== 'boolean' || typeof right !== 'boolean') throw mismatch(operator, left, right);
    return operator === '&&' ? left && right : left || right;
  }

  #comparison(): Value {
    const left = this.#sum();
    const operator = this.peek();
    if (!['<', '<=', '>', '>=', '==', '!='].includes(operator)) return left;
    this.#take();
    const right = this.#sum();
    return this.#skipping ? false : compare(operator, left, right);
  }

  #sum(): Value {
    return this.#arithmetic(['+', '-'], () => this.#arithmetic(['*', '/'], () => this.#unary()));
  }

  #arithmetic(operators: readonly string[], operand: () => Value): Value {
    let left = operand();
    while (operators.includes(this.peek())) {
      const operator = this.#take();
      const right = operand();
      if (!this.#skipping) left = calculate(operator, left, right);
    }
    return left;
  }

  #unary(): Value {
    if (this.peek() === '!') {
      this.#take();
      const value = this.#unary();
      if (this.#skipping) return false;
      if (typeof value !== 'boolean')
        throw new ConditionError(`invalid operation: ! (mismatched type ${typeName(value)})`);
      return !value;
    }
    if (this.peek() === '-') {
      this.#take();
      return calculate('-', 0, this.#unary());
    }
    return this.#primary();
  }

  #primary(): Value {
    const token = this.#take();
    if (/^\d/.test(token)) return Number(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === '(') {
      const value = this.expression();
      this.#expect(')');
      return value;
    }
    if (FUNCTIONS.has(token)) return this.#call(token);
    if (token === 'result') return this.peek() === '[' ? this.#index() : this.#result;
    if (token === 'EOF' || /^\W/.test(token)) throw new ConditionError(`unexpected token ${token}`);
    throw new ConditionError(`${token} is not supported in the sandbox`);
  }

  #index(): Value {
    this.#expect('[');
    const index = this.expression();
    this.#expect(']');
    if (this.#skipping) return 0;
    if (!Array.isArray(this.#result)) throw new ConditionError('type float64[int] is undefined');
    const found: unknown = typeof index === 'number' ? this.#result[index] : undefined;
    if (typeof found !== 'number') throw new ConditionError('reflect: slice index out of range');
    return found;
  }

  #call(name: string): Value {
    this.#expect('(');
    const argument = this.expression();
    this.#expect(')');
    if (this.#skipping) return name === 'len' ? 0 : false;
    if (name === 'len') {
      if (typeof argument === 'object') return argument.length;
      throw new ConditionError(`invalid argument for len (type ${typeName(argument)})`);
    }
    if (typeof argument !== 'number') {
      throw new ConditionError(`cannot use ${typeName(argument)} as argument (type float64) to call ${name}`);
    }
    return name === 'isNaN' ? Number.isNaN(argument) : Math.abs(argument) === Number.POSITIVE_INFINITY;
  }
}

function mismatch(operator: string, left: Value, right: Value): ConditionError {
  const types = `mismatched types ${typeName(left)} and ${typeName(right)}`;
  return new ConditionError(`invalid operation: ${operator} (${types})`);
}

function calculate(operator: string, left: Value, right: Value): number {
  if (typeof left !== 'number' || typeof right !== 'number') throw mismatch(operator, left, right);
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '*' ? left * right : left / right;
}

function compare(operator: string, left: Value, right: Value): boolean {
  if (typeof left === 'boolean' && typeof right === 'boolean') {
    if (operator === '==') return left === right;
    if (operator === '!=') return left !== right;
  }
  if (typeof left !== 'number' || typeof right !== 'number') throw mismatch(operator, left, right);
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case '==':
      return left === right;
    default:
      return left !== right;
  }
}

/** A statement with numbered parameters: values never become SQL text. */
export interface Statement {
  text: string
  values: unknown[]
}

/** A value to be stored as JSON whatever its shape; without it an array becomes a PostgreSQL array. */
export class Json {
  readonly value: unknown
  constructor(value: unknown) {
    this.value = value
  }
}

/** Marks a value as JSON: `sql\`insert into results (distribution) values (${json([1, 2])})\``. */
export function json(value: unknown): Json {
  return new Json(value)
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && 'text' in value && 'values' in value

/**
 * Tagged template for SQL. Interpolated values become parameters; an interpolated statement is spliced in.
 * Bytes go to bytea, bigint to numeric, arrays to PostgreSQL arrays, other objects to JSON.
 * @example db.query<{ id: string }>(sql`select id from campaigns where status = ${status}`)
 */
export function sql(parts: TemplateStringsArray, ...inputs: unknown[]): Statement {
  let text = parts[0]!
  const values: unknown[] = []
  inputs.forEach((input, index) => {
    if (isStatement(input)) {
      const offset = values.length
      text += input.text.replace(/\$(\d+)/g, (_, n) => `$${Number(n) + offset}`)
      values.push(...input.values)
    } else {
      values.push(input)
      text += `$${values.length}`
    }
    text += parts[index + 1]!
  })
  return { text, values }
}

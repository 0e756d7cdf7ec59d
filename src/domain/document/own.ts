/** The value under a name that anybody may have typed: `constructor` is a possible name of a service, and every object has one. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

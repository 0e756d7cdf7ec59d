/** What a gate's query may name. */
export interface QueryValues {
  service: string;
  namespace: string;
  environment: string;
  pod_hash: string;
  /** Empty while nothing is stable yet. */
  stable_hash: string;
  /** As PromQL writes it: `300s`. */
  window: string;
}

export type FilledQuery = { kind: 'filled'; query: string } | { kind: 'unfillable'; says: string };

/** Names, hashes and durations are made of these alone, so that no value can end a label matcher or open another query. */
const PLAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/i;

/** Puts the values into `{{name}}`; a name that is not offered, or a value that is more than a plain word, and nothing is asked. */
export function fillQuery(query: string, values: QueryValues): FilledQuery {
  const known = new Map<string, string>(Object.entries(values));
  const faults: string[] = [];
  const filled = query.replace(/\{\{([^{}]*)\}\}/g, (_, written: string) => {
    const name = written.trim();
    const value = known.get(name);
    if (value === undefined) faults.push(`a query cannot name {{${name}}}`);
    else if (value === '') faults.push(`{{${name}}} has no value yet`);
    else if (!PLAIN.test(value)) faults.push(`{{${name}}} is not a plain word`);
    return value ?? '';
  });
  return faults.length === 0
    ? { kind: 'filled', query: filled }
    : { kind: 'unfillable', says: faults.join('; ') };
}

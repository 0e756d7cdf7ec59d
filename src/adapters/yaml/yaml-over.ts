import { stringify } from 'yaml';
import type { Locate, Yaml, YamlFault } from '../../ports/yaml.ts';
import { type Places, tooLong, type YamlAnswer, type YamlRequest } from './answer-request.ts';
import { MAX_BYTES } from './limits.ts';

/** The port over anything that answers requests: a process of its own, or the same code in this one where texts are trusted. */
export function yamlOver(ask: (request: YamlRequest) => Promise<YamlAnswer>): Yaml {
  /** A text beyond the limit is not even sent. */
  const askShort = async (request: YamlRequest): Promise<YamlAnswer> =>
    Buffer.byteLength(request.text) > MAX_BYTES ? { kind: 'refused', faults: [tooLong()] } : ask(request);

  return {
    async read(text) {
      const answer = await askShort({ ask: 'read', text });
      if (answer.kind !== 'read') return refusalOf(answer);
      return { kind: 'read', value: frozen(answer.value), locate: locateIn(answer.value, answer.places) };
    },
    async readAll(text) {
      const answer = await askShort({ ask: 'readAll', text });
      return answer.kind === 'readAll'
        ? { kind: 'read', values: answer.values.map(frozen) }
        : refusalOf(answer);
    },
    async edit(text, keys) {
      const answer = await askShort({ ask: 'edit', text, keys });
      return answer.kind === 'edited' ? answer : refusalOf(answer);
    },
    async format(text, order) {
      const answer = await askShort({ ask: 'format', text, order });
      return answer.kind === 'formatted' ? answer : refusalOf(answer);
    },
    write(value) {
      // Words that YAML 1.1 takes for booleans are quoted: other programs read these files too.
      return stringify(value, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false });
    },
  };
}

function refusalOf(answer: YamlAnswer): { kind: 'refused'; faults: YamlFault[] } {
  if (answer.kind === 'refused') return answer;
  throw new Error(`A YAML request was given the answer to another one: ${answer.kind}`);
}

/** Which place is whose is worked out at the first question: most documents have no fault. */
function locateIn(root: unknown, places: Places): Locate {
  let inside: ReadonlyMap<unknown, ReadonlyMap<string, number>> | undefined;
  return (path) => {
    inside ??= numbered(root);
    let value = root;
    let at: number | undefined = 0;
    for (const step of path) {
      at = inside.get(value)?.get(String(step));
      if (at === undefined) return undefined;
      value = (value as Record<string | number, unknown>)[step];
    }
    const [line, column] = [places[2 * at], places[2 * at + 1]];
    return line === undefined || column === undefined ? undefined : { line, column };
  };
}

/** Of every map and list, the numbers of what is in it, counted through as the places are. */
function numbered(root: unknown): ReadonlyMap<unknown, ReadonlyMap<string, number>> {
  const inside = new Map<unknown, Map<string, number>>();
  let next = 0;
  const count = (value: unknown): number => {
    const own = next++;
    if (typeof value === 'object' && value !== null) {
      const entries = new Map<string, number>();
      for (const [step, inner] of Object.entries(value)) entries.set(step, count(inner));
      inside.set(value, entries);
    }
    return own;
  };
  count(root);
  return inside;
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

import { stringify } from 'yaml';
import type { Locate, Yaml, YamlFault } from '../../ports/yaml.ts';
import { type PlaceTree, tooLong, type YamlAnswer, type YamlRequest } from './answer-request.ts';
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
      return { kind: 'read', value: frozen(answer.value), locate: locateIn(answer.places) };
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

function locateIn(root: PlaceTree): Locate {
  // By name, once for each map or list that is asked about: a list can be long, and each of its entries at fault.
  const byStep = new WeakMap<PlaceTree, ReadonlyMap<string, PlaceTree>>();
  const inside = (place: PlaceTree): ReadonlyMap<string, PlaceTree> => {
    const known = byStep.get(place);
    if (known) return known;
    const made = new Map((place[2] ?? []).map(([step, at]) => [String(step), at]));
    byStep.set(place, made);
    return made;
  };
  return (path) => {
    let place: PlaceTree | undefined = root;
    for (const step of path) place = place && inside(place).get(String(step));
    return place && { line: place[0], column: place[1] };
  };
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) frozen(inner);
    Object.freeze(value);
  }
  return value;
}

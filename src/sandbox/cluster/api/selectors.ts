import type { KubeObject, LabelSelector } from '../rollout/objects.ts';
import { badRequest, fail, type Outcome, value } from './failure.ts';

/** Says whether an object is selected. */
export type Predicate = (object: KubeObject) => boolean;

type LabelRequirement = (labels: Readonly<Record<string, string>>) => boolean;

/** Reads a label selector such as `app=web,tier in (a,b),!old`. Empty selects all. */
export function parseLabelSelector(text: string): Outcome<Predicate> {
  const requirements: LabelRequirement[] = [];
  for (const part of splitOutsideParentheses(text)) {
    const requirement = labelRequirement(part.trim());
    if (requirement === undefined) {
      return fail(
        badRequest(`unable to parse requirement: found '${part.trim()}', expected: a label requirement`),
      );
    }
    requirements.push(requirement);
  }
  return value((object) => requirements.every((holds) => holds(object.metadata.labels ?? {})));
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/).filter((part) => part.trim() !== '');
}

function labelRequirement(part: string): LabelRequirement | undefined {
  const set = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((one) => one.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const equality = /^([\w./-]+)\s*(==|=|!=)\s*([\w.-]*)$/.exec(part);
  if (equality !== null) {
    const [, key = '', operator, wanted] = equality;
    return (labels) => (labels[key] === wanted) === (operator !== '!=');
  }
  const existence = /^(!?)([\w./-]+)$/.exec(part);
  if (existence === null) return undefined;
  const [, not, key = ''] = existence;
  return (labels) => key in labels === (not === '');
}

/** Field paths that can be selected by everywhere, and by resource (kubernetes `AddFieldLabelConversionFunc`). */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': ['metadata.name', 'metadata.namespace'],
  pods: ['spec.nodeName', 'spec.restartPolicy', 'status.phase', 'status.podIP'],
  events: [
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'reason',
    'type',
  ],
};

/** A field selector: what it selects, and the one name it asks for. */
export interface FieldSelector {
  matches: Predicate;
  name?: string;
}

/** Reads a field selector such as `metadata.name=web`. */
export function parseFieldSelector(text: string, plural: string): Outcome<FieldSelector> {
  const supported = [...(FIELDS[''] ?? []), ...(FIELDS[plural] ?? [])];
  const tests: Predicate[] = [];
  let name: string | undefined;
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [, path = '', operator = '', wanted = ''] = /^([\w.]+)(==|=|!=)(.*)$/.exec(part) ?? [];
    if (!supported.includes(path)) {
      const said =
        path === ''
          ? `invalid selector: '${text}'; can't understand '${part}'`
          : `field label not supported: ${path}`;
      return fail(badRequest(said));
    }
    if (path === 'metadata.name' && operator !== '!=') name = wanted;
    tests.push((object) => (fieldOf(object, path) === wanted) === (operator !== '!='));
  }
  const matches: Predicate = (object) => tests.every((holds) => holds(object));
  return value(name === undefined ? { matches } : { matches, name });
}

function fieldOf(object: KubeObject, path: string): string {
  let found: unknown = object;
  for (const key of path.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined;
  }
  return found === undefined ? '' : String(found);
}

/** Whether an object's labels fit the selector of a workload or Service. */
export function fitsSelector(
  selector: LabelSelector,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, wanted]) => labels[key] === wanted);
  return (
    equal &&
    (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key in labels;
      if (operator === 'DoesNotExist') return !(key in labels);
      return values.includes(labels[key] ?? '\0') === (operator === 'In');
    })
  );
}

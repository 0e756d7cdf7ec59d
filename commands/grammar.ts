import type { Misunderstood, Verb, Vocabulary } from '../src/domain/command.ts';
import { Digest, ServiceName } from '../src/domain/ids.ts';
import { nearest } from '../src/domain/naming/nearest.ts';
import { ServiceChoice } from '../src/domain/request.ts';

/** What a word or several were taken to mean. The usage line is added by the verb, which knows it. */
export type Meant<T> = { kind: 'meant'; value: T } | Misunderstood;

export function misunderstood(wrong: string, suggestions: string[], usage = ''): Misunderstood {
  return { kind: 'misunderstood', wrong, suggestions, usage };
}

/** The environment a word names; the nearest one is offered for a slip. */
export function environmentOf(word: string | undefined, { environments }: Vocabulary): Meant<string> {
  if (word === undefined) return misunderstood('Which environment?', [...environments]);
  const name = word.toLowerCase();
  if (environments.includes(name)) return { kind: 'meant', value: name };
  const near = nearest(name, environments);
  return misunderstood(`There is no environment ${word}`, near ? [near] : [...environments]);
}

/** Takes the environment out of words that may hold one anywhere. */
export function pickEnvironment(
  words: readonly string[],
  { environments }: Vocabulary,
): { environment?: string; rest: string[] } {
  const at = words.findIndex((word) => environments.includes(word.toLowerCase()));
  if (at < 0) return { rest: [...words] };
  return { environment: (words[at] ?? '').toLowerCase(), rest: words.filter((_, i) => i !== at) };
}

export function serviceName(word: string): boolean {
  return ServiceName.safeParse(word).success;
}

/** `service@tag` or `service@sha256:…`, each service once. */
export function serviceChoices(words: readonly string[]): Meant<ServiceChoice[]> {
  const chosen: ServiceChoice[] = [];
  for (const word of words) {
    const choice = serviceChoice(word);
    if (choice.kind === 'misunderstood') return choice;
    if (chosen.some((known) => known.service === choice.value.service)) {
      return misunderstood(`${choice.value.service} is named twice`, []);
    }
    chosen.push(choice.value);
  }
  return { kind: 'meant', value: chosen };
}

function serviceChoice(word: string): Meant<ServiceChoice> {
  const at = word.indexOf('@');
  const service = (at < 0 ? word : word.slice(0, at)).toLowerCase();
  const version = at < 0 ? '' : word.slice(at + 1);
  if (!serviceName(service)) return misunderstood(`${word} does not start with a service name`, []);
  if (version === '')
    return misunderstood(`Which version of ${service}?`, [`${service}@1.2.3`, `${service}@sha256:…`]);
  if (/^sha\d+:/i.test(version)) return digestOf(service, version);
  const choice = ServiceChoice.safeParse({ service, version: { kind: 'tag', tag: version } });
  return choice.success
    ? { kind: 'meant', value: choice.data }
    : misunderstood(`${version} is no tag: letters, digits, dots, hyphens and underscores, at most 128`, []);
}

function digestOf(service: string, version: string): Meant<ServiceChoice> {
  if (Digest.safeParse(version).success) {
    return { kind: 'meant', value: { service, version: { kind: 'digest', digest: version } } };
  }
  const hex = version.slice(version.indexOf(':') + 1);
  if (!version.startsWith('sha256:'))
    return misunderstood(`${service}: only sha256 digests are accepted`, []);
  const why = /[^0-9a-f]/.test(hex)
    ? 'has characters other than 0-9 and a-f'
    : `has ${hex.length} characters after sha256:, not 64`;
  return misunderstood(`The digest of ${service} ${why}`, []);
}

/** A fault when more words are left than the verb takes. */
export function atMost(words: readonly string[], most: number, usage: string): Misunderstood | undefined {
  if (words.length <= most) return undefined;
  return misunderstood(`I don't understand "${words.slice(most).join(' ')}"`, [], usage);
}

/** `.3`, `3`, or a name with a date and a number. */
export function looksLikeRelease(word: string): boolean {
  return /^\.?\d+$/.test(word) || /-\d{4}-\d{2}-\d{2}\.\d+$/.test(word);
}

/** Takes `--dry-run` out of words that may hold it anywhere. */
export function takeDryRun(words: readonly string[]): { dryRun?: true; rest: string[] } {
  const rest = words.filter((word) => !/^(--)?dry-?run$/i.test(word));
  return { ...(rest.length < words.length && { dryRun: true }), rest };
}

/** How a verb of `/release` is written. */
export function usageOf(verb: Verb, { prefix }: Vocabulary): string {
  return `/${prefix}release ${verb.name} ${verb.usage}`;
}

import type { Command, Verb, Vocabulary } from '../src/domain/command.ts';
import type { IncidentId } from '../src/domain/ids.ts';
import { misunderstood } from './grammar.ts';

const open: Verb = {
  name: 'open',
  usage: '',
  summary: 'Open an incident: a channel, and a timeline that writes itself',
  examples: ['open'],
  understand: () => ({ kind: 'understood', request: { kind: 'incidentForm' }, opens: 'Open an incident' }),
};

const note: Verb = {
  name: 'note',
  usage: '[INC-n] <text>',
  summary: 'Write a line into the timeline',
  examples: ['note null note breaks the serializer'],
  understand(words, vocabulary) {
    const { incident, rest } = incidentFirst(words);
    const text = rest.join(' ');
    if (text === '') return misunderstood('There is nothing to note', [], usageOf(note, vocabulary));
    if (text.length > 3000)
      return misunderstood('A note has at most 3000 characters', [], usageOf(note, vocabulary));
    return { kind: 'understood', request: { kind: 'incidentNote', text, ...(incident && { incident }) } };
  },
};

const timeline: Verb = {
  name: 'timeline',
  usage: '[INC-n]',
  summary: 'Show what happened, in order',
  examples: ['timeline'],
  understand: (words) => withIncident(words, 'incidentTimeline'),
};

const resolve: Verb = {
  name: 'resolve',
  usage: '[INC-n]',
  summary: 'Close the incident, with its times and an export',
  examples: ['resolve'],
  understand: (words) => withIncident(words, 'incidentResolve'),
};

const exported: Verb = {
  name: 'export',
  usage: '[INC-n]',
  summary: 'Write the timeline as Markdown',
  examples: ['export INC-4'],
  understand: (words) => withIncident(words, 'incidentExport'),
};

const help: Verb = {
  name: 'help',
  usage: '',
  summary: 'Explain this command',
  examples: ['help'],
  understand: () => ({ kind: 'understood', request: { kind: 'help', command: 'incident' } }),
};

function withIncident(
  words: readonly string[],
  kind: 'incidentTimeline' | 'incidentResolve' | 'incidentExport',
) {
  const { incident } = incidentFirst(words);
  return { kind: 'understood' as const, request: { kind, ...(incident && { incident }) } };
}

/** An incident may be named first, as `INC-4`, `inc-4` or `4`. */
function incidentFirst(words: readonly string[]): { incident?: IncidentId; rest: readonly string[] } {
  const match = /^(?:inc-)?([1-9]\d{0,8})$/i.exec(words[0] ?? '');
  return match ? { incident: `INC-${Number(match[1])}`, rest: words.slice(1) } : { rest: words };
}

function usageOf(verb: Verb, { prefix }: Vocabulary): string {
  return `/${prefix}incident ${verb.name} ${verb.usage}`;
}

/** `/incident`: a channel and a timeline. */
export const incident: Command = {
  name: 'incident',
  summary: 'Open incidents whose timelines write themselves',
  verbs: [open, note, timeline, resolve, exported, help],
  fallback: 'help',
};

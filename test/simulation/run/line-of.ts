import type { Entry } from '../world/history.ts';

/** Longest line of a history, in characters. */
const WIDTH = 400;

/** One thing that happened, on one line. `began`: when its world did, in milliseconds since 1970. */
export function lineOf(entry: Entry, began: number): string {
  const second = ((entry.at - began) / 1000).toFixed(3).padStart(9);
  return `${second} ${wordsOf(entry)}`.replaceAll('\n', ' ⏎ ').slice(0, WIDTH);
}

function wordsOf(entry: Entry): string {
  switch (entry.kind) {
    case 'fact': {
      const { stream, version, kind, actor, data } = entry.fact;
      return `${stream} ${version} ${kind} by ${actor.id} ${JSON.stringify(data)}`;
    }
    case 'commit': {
      const { repository, branch, operation = 'by hand', digests } = entry;
      return `commit ${operation} to ${repository} ${branch} ${JSON.stringify(digests)}`;
    }
    case 'write':
      return `${entry.isEffective ? 'write' : 'idle write'} ${JSON.stringify(entry.effect)} by ${entry.actor.id}`;
    case 'post':
    case 'edit':
      return `${entry.kind} ${entry.channel} ${entry.ts} ${entry.message.text}`;
    case 'answer':
      return `answer to ${entry.delivery} of ${entry.person}: ${textOf(entry)}`;
    case 'accepted':
      return `accepted ${entry.request.id} of ${entry.request.principal}: ${JSON.stringify(entry.request.request)}`;
    case 'finished':
      return `finished ${entry.request}`;
    case 'crash':
      return `${entry.worker} dies ${entry.when} ${entry.call}`;
    case 'overtaken':
      return `append: ${entry.how}`;
    case 'defect':
      return `defect ${entry.says}`;
  }
}

function textOf({ answer }: Extract<Entry, { kind: 'answer' }>): string {
  if (answer.kind === 'file') return answer.text;
  return answer.kind === 'form' ? answer.form.message.text : answer.message.text;
}

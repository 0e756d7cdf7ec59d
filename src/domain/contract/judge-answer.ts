import { z } from 'zod';
import { Digest } from '../ids.ts';
import { covers } from './compatibility.ts';
import type { ContractAnswer, EvidenceFile, PactAnswer, SchemaAnswer } from './contract-answer.ts';
import type { ContractQuestion } from './contract-questions.ts';

/** What an answer comes to. Only `pass` and `warn` let a release go on. */
export type ContractVerdict =
  | { kind: 'pass' }
  | { kind: 'warn' | 'refuse' | 'unknown'; says: string; remedy: string };

/**
 * Evidence that a definition breaks nobody, as a CI writes it after oasdiff or `buf breaking`: about these bytes, with what breaks
 * written out, so that an empty or an older file is none.
 */
const Evidence = z.strictObject({
  /** Digest of an image of the service. */
  digest: Digest,
  /** Each change that breaks somebody; empty when there is none. */
  breaking: z.array(z.string()),
  /** Such as `oasdiff 1.11.7`; for people. */
  tool: z.string().optional(),
});

/** Fails closed: what is no clear yes is a refusal, and what nobody answered is not known. */
export function judgeAnswer(question: ContractQuestion, given: ContractAnswer | undefined): ContractVerdict {
  if (given === undefined) return unknown('was not asked');
  if (given.of === 'unknown') return unknown(given.says);
  if (question.kind === 'schema' && given.of === 'schema') return judgeSchema(question, given.answer);
  if (question.kind === 'pact' && given.of === 'pact') return judgePacts(question, given.answer);
  if (question.kind === 'file' && given.of === 'file') return judgeFile(question, given.answer);
  return unknown('was answered with something else');
}

type Of<K extends ContractQuestion['kind']> = Extract<ContractQuestion, { kind: K }>;

function judgeSchema({ subject, compatibility }: Of<'schema'>, answer: SchemaAnswer): ContractVerdict {
  if (answer.kind === 'notConfigured') return notConfigured('contracts.schemaRegistry');
  if (answer.kind === 'refused')
    return refuse(`${subject}: the schema registry says ${answer.says}`, 'Mend the schema or the subject.');
  const { level, isCompatible, isNew, messages } = answer;
  if (!isCompatible) {
    const why = messages.length > 0 ? `: ${messages.slice(0, 3).join('; ')}` : '';
    return refuse(
      `${subject} is not ${level} compatible with what is registered${why}`,
      'Change the schema so that what is registered stays readable, or use a new subject.',
    );
  }
  if (level === 'NONE')
    return refuse(
      `${subject} has level NONE: the schema registry takes anything, so that its yes says nothing`,
      `Set a level for it there, such as ${compatibility ?? 'BACKWARD'}.`,
    );
  if (compatibility && !covers(level, compatibility))
    return refuse(
      `${subject} is promised as ${compatibility}, and the schema registry only asks for ${level}`,
      `Set ${compatibility} for it there, or promise less here.`,
    );
  if (isNew)
    return {
      kind: 'warn',
      says: `${subject} is new to the schema registry: there is nothing it could break`,
      remedy: 'See that the name of the subject is right.',
    };
  return { kind: 'pass' };
}

function judgePacts({ versions }: Of<'pact'>, answer: PactAnswer): ContractVerdict {
  if (answer.kind === 'notConfigured') return notConfigured('contracts.pactBroker');
  const who = versions.map(({ pacticipant, version }) => `${pacticipant} ${version}`).join(', ');
  if (answer.kind === 'refused')
    return refuse(
      `${who}: the pact broker says ${answer.says}`,
      'Publish the pacts of these versions first.',
    );
  if (answer.deployable === false)
    return refuse(`${who} cannot be deployed: ${answer.reason}`, 'Mend what the verification shows.');
  if (answer.deployable === null)
    return unknown(
      `${who} may not be deployable: ${answer.reason}`,
      'Run the missing verification, then this again.',
    );
  if (answer.rows === 0)
    return unknown(
      `the pact broker has no contract of ${who}, so that its yes says nothing`,
      'Publish the pacts of these versions, or leave the contract out.',
    );
  return { kind: 'pass' };
}

function judgeFile({ file, of, digests }: Of<'file'>, answer: EvidenceFile): ContractVerdict {
  const form = `It holds digest: (an image of the service) and breaking: (a list, empty when nothing breaks).`;
  if (answer.kind === 'refused') return refuse(`no ${of} evidence: ${answer.says}`, form);
  const read = Evidence.safeParse(answer.value);
  if (!read.success) return refuse(`${file} is no ${of} evidence: ${faults(read.error)}`, form);
  const { digest, breaking } = read.data;
  if (!digests.includes(digest))
    return refuse(
      `${file} is about ${digest.slice(0, 19)}…, which is no image of this release`,
      'Let the CI that made the image write the evidence again.',
    );
  if (breaking.length === 0) return { kind: 'pass' };
  const more = breaking.length > 3 ? ` and ${breaking.length - 3} more` : '';
  return refuse(
    `${file} shows what breaks: ${breaking.slice(0, 3).join('; ')}${more}`,
    'Keep the old form beside the new one until nobody uses it.',
  );
}

function faults({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${path.join('.') || 'the document'}: ${message}`).join('; ');
}

function notConfigured(key: string): ContractVerdict {
  return unknown('nobody can be asked about it', `Say ${key} in signalbox.yaml, or leave the contract out.`);
}

function refuse(says: string, remedy: string): ContractVerdict {
  return { kind: 'refuse', says, remedy };
}

function unknown(says: string, remedy = 'Run the preflight again.'): ContractVerdict {
  return { kind: 'unknown', says, remedy };
}

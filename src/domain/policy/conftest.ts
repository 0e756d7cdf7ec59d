import { z } from 'zod';
import type { Content } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import { declaredServices } from '../plan/declared-services.ts';
import type { PlanInput } from '../plan/plan-input.ts';

/** Where the results of conftest for what a release brings of a service have to be. */
export interface ConftestQuestion {
  service: ServiceName;
  /** Name of the repository; absent: that of the environment. */
  repository?: string | undefined;
  file: string;
  /** Namespaces of policies that must have been evaluated. */
  namespaces: readonly string[];
}

/** What was found there. `commit`: at which it was read. */
export type ConftestAnswer =
  | { kind: 'read'; value: unknown; commit: string }
  | { kind: 'refused'; says: string }
  /** The repository could not be read now. */
  | { kind: 'unknown'; says: string };

export interface ConftestWord {
  severity: 'error' | 'warn' | 'unknown';
  says: string;
  remedy: string;
}

/** Files and messages that are taken from one result, and told of it. */
const MOST = { results: 2_000, messages: 500, told: 5, characters: 300 } as const;

const Message = z.looseObject({ msg: z.string() });
const Messages = z.array(Message).max(MOST.messages).nullish();

/**
 * What `conftest test -o json` prints: one result for each file and namespace.
 * Source: github.com/open-policy-agent/conftest output/result.go (CheckResult).
 */
const ConftestOutput = z
  .array(
    z.looseObject({
      filename: z.string(),
      namespace: z.string(),
      successes: z.int().nonnegative(),
      warnings: Messages,
      failures: Messages,
      exceptions: Messages,
      skipped: Messages,
    }),
  )
  .max(MOST.results);
type Result = z.infer<typeof ConftestOutput>[number];

/** One question for each service of a manifest whose catalog entry says where its results are. */
export function conftestQuestions(input: PlanInput): ConftestQuestion[] {
  return declaredServices(input).flatMap(({ name, entry }) => {
    const content = own(input.contents, name);
    if (entry.conftest === undefined || content === undefined) return [];
    const { file, repository, namespaces } = entry.conftest;
    const filled = fill(file, { service: name, environment: input.environment.name, content });
    return [{ service: name, file: filled, namespaces, ...(repository !== undefined && { repository }) }];
  });
}

/** What the results come to; empty when every namespace was evaluated and nothing was found. */
export function judgeConftest(
  { file, namespaces }: ConftestQuestion,
  answer: ConftestAnswer | undefined,
): ConftestWord[] {
  if (answer === undefined || answer.kind === 'unknown')
    return [
      {
        severity: 'unknown',
        says: answer?.says ?? `${file} was not read`,
        remedy: 'Run the preflight again.',
      },
    ];
  if (answer.kind === 'refused') return [refuse(`has no results of conftest: ${answer.says}`)];
  const read = ConftestOutput.safeParse(answer.value);
  if (!read.success) {
    const [issue] = read.error.issues;
    return [
      refuse(
        `${file} is no output of conftest test -o json: ${issue?.path.join('.') || 'it'} ${issue?.message}`,
      ),
    ];
  }
  const missing = namespaces.filter(
    (namespace) => !read.data.some((one) => one.namespace === namespace && wasEvaluated(one)),
  );
  return [
    ...(missing.length > 0
      ? [refuse(`no policy of ${missing.join(', ')} was evaluated: ${file} holds ${evaluated(read.data)}`)]
      : []),
    ...told(read.data, 'failures'),
    ...told(read.data, 'warnings'),
  ];
}

function refuse(says: string): ConftestWord {
  const remedy =
    'Let CI run conftest test -o json for this version, and put what it prints where the catalog says.';
  return { severity: 'error', says, remedy };
}

/** A result without any rule that came to something says that there was no rule. */
function wasEvaluated({ successes, warnings, failures, exceptions }: Result): boolean {
  return successes + (warnings?.length ?? 0) + (failures?.length ?? 0) + (exceptions?.length ?? 0) > 0;
}

function evaluated(results: readonly Result[]): string {
  const names = [...new Set(results.filter(wasEvaluated).map(({ namespace }) => namespace))];
  return names.length === 0
    ? 'no evaluated policy'
    : `results of ${names.slice(0, MOST.told).join(', ')} only`;
}

function told(results: readonly Result[], kind: 'failures' | 'warnings'): ConftestWord[] {
  const all = results.flatMap((result) =>
    (result[kind] ?? []).map(({ msg }) =>
      `${result.filename || 'standard input'}: ${msg}`.slice(0, MOST.characters),
    ),
  );
  const severity = kind === 'failures' ? 'error' : 'warn';
  const remedy =
    severity === 'error'
      ? 'Mend what conftest found, and let CI run it again.'
      : 'Mend it soon: it is advice.';
  const rest = all.length - MOST.told;
  return [
    ...all.slice(0, MOST.told).map((says): ConftestWord => ({ severity, says, remedy })),
    ...(rest > 0 ? [{ severity, says: `and ${rest} more ${kind}`, remedy } as const] : []),
  ];
}

/** The path for a content; what it says nothing of leaves its placeholder, under which there is no file. */
function fill(
  file: string,
  { service, environment, content }: { service: ServiceName; environment: string; content: Content },
): string {
  const [image] = Object.values(content.images);
  const values: Readonly<Record<string, string | undefined>> = {
    service,
    environment,
    version: image?.version,
    digest: image?.digest.replace(/^sha256:/, ''),
    revision: image?.revision,
  };
  return file.replace(/\{([a-z]+)\}/g, (placeholder, key: string) => own(values, key) ?? placeholder);
}

import { type Content, versionOf } from '../domain/content.ts';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import { type ReleaseId, splitReleaseId } from '../domain/ids.ts';
import type { Unresolved } from '../domain/plan/plan-input.ts';
import type { Finding } from '../domain/policy/finding.ts';
import { RULE_COUNT } from '../domain/policy/preflight.ts';
import type { EnvironmentRules } from '../domain/rules.ts';
import { channelLink, code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Form } from '../ports/message.ts';
import { count, shorten } from './words.ts';

/** Findings shown one by one; the rest is counted. */
const SHOWN = 8;

/** To the person who cut: where the board is, and what the checks would have them know. */
export function cutAnswer({
  id,
  channel,
  findings,
}: {
  id: ReleaseId;
  channel: string;
  findings: readonly Finding[];
}): Answer {
  const { environment, name } = splitReleaseId(id);
  const text = `${name} → ${environment} is cut`;
  const warns = findings.filter((finding) => finding.severity === 'warn');
  const blocks: Block[] = [
    {
      kind: 'section',
      text: mrkdwn`*${text}*. Its board is in ${channelLink(channel)}.\nPreflight: ${preflightWords(findings)}`,
    },
    ...warns.slice(0, SHOWN).map((finding): Block => ({ kind: 'section', text: findingLines(finding) })),
  ];
  return { kind: 'message', message: { text, blocks } };
}

/** Nothing was cut: images that are not there, each with what is. */
export function unresolvedAnswer({
  environment,
  unresolved,
}: {
  environment: string;
  unresolved: readonly Unresolved[];
}): Answer {
  const [first] = unresolved;
  const lines = unresolved.map(({ service, says }) => mrkdwn`${code(service)}  ${says}`);
  const text = shorten(`Not cut for ${environment}: ${first?.service ?? ''} ${first?.says ?? ''}`, 150);
  return {
    kind: 'refused',
    message: {
      text,
      blocks: [
        {
          kind: 'section',
          text: join(
            [
              mrkdwn`*Not cut for ${environment}.* Nothing was changed.`,
              ...lines,
              mrkdwn`_rule ${code('digest-exists')}_`,
            ],
            '\n',
          ),
        },
      ],
    },
  };
}

/** Nothing was cut: every error with its rule, place and remedy. */
export function preflightRefusal({
  environment,
  findings,
}: {
  environment: string;
  findings: readonly Finding[];
}): Answer {
  const errors = findings.filter((finding) => finding.severity === 'error');
  const [first] = errors;
  const text = `Not cut for ${environment}: ${first?.says ?? 'the checks refuse it'}`;
  const shown = errors
    .slice(0, SHOWN)
    .map((finding): Block => ({ kind: 'section', text: findingLines(finding) }));
  const more = errors.length - shown.length;
  return {
    kind: 'refused',
    message: {
      text: shorten(text, 150),
      blocks: [
        {
          kind: 'section',
          text: mrkdwn`*Not cut for ${environment}.* ${count(errors.length, 'rule')} ${errors.length === 1 ? 'refuses' : 'refuse'} it; nothing was changed.`,
        },
        ...shown,
        ...(more > 0 ? [{ kind: 'context' as const, texts: [mrkdwn`and ${more} more`] }] : []),
      ],
    },
  };
}

/** The computed list, with a tick for what is to be left out. */
export function cutForm(cut: {
  environment: EnvironmentRules;
  contents: Readonly<Record<string, Content>>;
  here: EnvironmentState;
}): Form {
  const { environment, contents, here } = cut;
  const services = Object.entries(contents);
  const text = `${count(services.length, 'service')} verified in ${environment.previous ?? 'the environment before'} and not in ${environment.name} yet`;
  return {
    title: `Cut ${environment.name}`.slice(0, 24),
    message: {
      text,
      blocks: [
        { kind: 'section', text: mrkdwn`${text}:` },
        {
          kind: 'section',
          text: join(
            services.map(([service, content]) => change(here, service, content)),
            '\n',
          ),
        },
      ],
    },
    inputs: [
      {
        kind: 'tick',
        field: 'leaveOut',
        label: 'Leave out',
        options: services.map(([service]) => ({ value: service, label: service })),
      },
    ],
    submit: {
      label: 'Cut',
      does: { kind: 'cut', environment: environment.name, services: [], leaveOut: [] },
    },
  };
}

function change(here: EnvironmentState, service: string, content: Content): Mrkdwn {
  const now = here.known[service]?.[0]?.content;
  return mrkdwn`${code(service)}  ${now ? versionOf(now) : 'new'} → *${versionOf(content)}*`;
}

/** The checks as one line: `17 pass · 1 warn · 0 refuse`. */
export function preflightWords(findings: readonly Finding[]): string {
  const warned = new Set(
    findings.filter((finding) => finding.severity === 'warn').map((finding) => finding.rule),
  ).size;
  return `${RULE_COUNT - warned} pass · ${warned} warn · 0 refuse`;
}

/** One finding: what is so, by which rule and where, and what to do about it. */
export function findingLines(finding: Finding): Mrkdwn {
  const place = finding.place ? `${finding.file}:${finding.place.line}` : finding.file;
  return mrkdwn`${finding.says}\n_rule ${code(finding.rule)} · ${place}_\n${finding.remedy}`;
}

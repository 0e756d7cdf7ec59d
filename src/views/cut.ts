import { type Content, versionOf } from '../domain/content.ts';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import { type EnvironmentName, type ReleaseId, splitReleaseId } from '../domain/ids.ts';
import type { Unresolved } from '../domain/plan/plan-input.ts';
import type { ShownRow } from '../domain/policy/exemption.ts';
import type { Risk } from '../domain/policy/risk.ts';
import { refusing } from '../domain/policy/row.ts';
import type { EnvironmentRules } from '../domain/rules.ts';
import { channelLink, code, join, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Form } from '../ports/message.ts';
import { exemptionHint, riskLine, rowLines, tallyWords } from './preflight.ts';
import { count, shorten } from './words.ts';

/** Rows shown one by one; the rest is counted. */
const SHOWN = 8;

/** To the person who cut: where the board is, and what the checks would have them know. */
export function cutAnswer({
  id,
  channel,
  rows,
  risk,
}: {
  id: ReleaseId;
  channel: string;
  rows: readonly ShownRow[];
  risk: Risk;
}): Answer {
  const { environment, name } = splitReleaseId(id);
  const text = `${name} → ${environment} is cut`;
  const warns = rows.filter((row) => row.outcome !== 'pass');
  const blocks: Block[] = [
    {
      kind: 'section',
      text: mrkdwn`*${text}*. Its board is in ${channelLink(channel)}.\nPreflight: ${tallyWords(rows)}\n${riskLine(risk)}`,
    },
    ...warns.slice(0, SHOWN).map((row): Block => ({ kind: 'section', text: rowLines(row) })),
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

/** Nothing was cut: every row that refuses, with its rule, place and remedy. */
export function preflightRefusal({
  environment,
  rows,
  prefix,
}: {
  environment: EnvironmentName;
  rows: readonly ShownRow[];
  prefix: string;
}): Answer {
  const errors = refusing(rows);
  const [first] = errors;
  const text = `Not cut for ${environment}: ${first?.says ?? 'the checks refuse it'}`;
  const shown = errors.slice(0, SHOWN).map((row): Block => ({ kind: 'section', text: rowLines(row) }));
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
        ...exemptionHint(rows, { environment, prefix }),
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

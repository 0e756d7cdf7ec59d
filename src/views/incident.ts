import type { ReleaseId } from '../domain/ids.ts';
import type { IncidentState } from '../domain/incident/incident-state.ts';
import type { TimelineEntry } from '../domain/incident/timeline.ts';
import { channelLink, join, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Answer, Form, Message } from '../ports/message.ts';
import { duration, shorten } from './words.ts';

/** An incident with its timeline in words. */
export interface Told {
  incident: IncidentState;
  entries: readonly (TimelineEntry & { says: string })[];
  nameOf(id: string): string;
}

/** Lines of a timeline that a message shows; the export has all of them. */
const SHOWN = 25;

/** The form that opens an incident. */
export function incidentForm({
  releases,
  chosen,
}: {
  releases: readonly ReleaseId[];
  chosen: ReleaseId | undefined;
}): Form {
  const text = 'Opens a channel with a timeline that already holds the facts of the release.';
  return {
    title: 'Open an incident',
    message: { text, blocks: [{ kind: 'section', text: mrkdwn`${text}` }] },
    inputs: [
      {
        kind: 'text',
        field: 'title',
        label: 'What is wrong?',
        maxLength: 150,
        ...(chosen && { initial: `${chosen.split('/')[1]} in ${chosen.split('/')[0]}` }),
      },
      ...(releases.length === 0
        ? []
        : [
            {
              kind: 'choose' as const,
              field: 'release',
              label: 'Release it has to do with',
              options: releases.map((id) => ({ value: id, label: id })),
              ...(chosen && { initial: chosen }),
              optional: true,
            },
          ]),
    ],
    submit: { label: 'Open', does: { kind: 'incidentOpen', title: 'incident' } },
  };
}

/** The message at the top of an incident's channel. */
export function incidentBoard(told: Told): Message {
  const { incident, nameOf } = told;
  const state = incident.resolved ? 'resolved' : 'open';
  const text = `${incident.id} ${state} · ${incident.title}`;
  const since = incident.resolved
    ? mrkdwn`resolved by ${nameOf(incident.resolved.by)} ${when(incident.resolved.at, 'date')}`
    : mrkdwn`opened by ${nameOf(incident.openedBy)} ${when(incident.openedAt, 'date')}`;
  const releases = incident.releases.length > 0 ? mrkdwn` · ${incident.releases.join(', ')}` : mrkdwn``;
  return {
    text,
    blocks: [
      { kind: 'section', text: mrkdwn`*${text}*\n${since}${releases}` },
      { kind: 'section', text: lines(told, 12) },
      {
        kind: 'buttons',
        buttons: [
          { label: 'Timeline', does: { kind: 'incidentTimeline', incident: incident.id } },
          ...(incident.resolved
            ? [{ label: 'Export', does: { kind: 'incidentExport' as const, incident: incident.id } }]
            : [
                {
                  label: 'Resolve',
                  does: { kind: 'incidentResolve' as const, incident: incident.id },
                  confirm: {
                    title: `Resolve ${incident.id}?`,
                    text: 'The timeline is closed with its times.',
                    yes: 'Resolve',
                    no: 'Not yet',
                  },
                },
              ]),
        ],
      },
    ],
  };
}

/** One line for the channel of the environment. */
export function announcement({ incident, nameOf }: Told): Message {
  const text = `${incident.id} opened by ${nameOf(incident.openedBy)}: ${incident.title}`;
  return {
    text,
    blocks: [{ kind: 'section', text: mrkdwn`${text} → ${channelLink(incident.channel ?? '')}` }],
  };
}

/** What is said when it is over: how long each part took. */
export function resolution({ incident, nameOf }: Told): Message {
  const { resolved } = incident;
  const text = `${incident.id} resolved`;
  if (resolved === undefined) return { text, blocks: [] };
  const took = (from: string, to: string) => duration(Date.parse(to) - Date.parse(from));
  const line = mrkdwn`*${text}* by ${nameOf(resolved.by)} · detected ${when(resolved.detectedAt, 'seconds')} · mitigated after ${took(resolved.detectedAt, resolved.mitigatedAt)} · stable after ${took(resolved.detectedAt, resolved.stableAt)}`;
  return { text, blocks: [{ kind: 'section', text: line }] };
}

/** `/incident timeline`. */
export function timelineMessage(told: Told): Message {
  const { incident, entries } = told;
  const text = `${incident.id} · ${entries.length} lines`;
  return {
    text,
    blocks: [
      { kind: 'section', text: mrkdwn`*${incident.id} ${incident.title}*` },
      { kind: 'section', text: lines(told, SHOWN) },
      {
        kind: 'buttons',
        buttons: [{ label: 'Export as Markdown', does: { kind: 'incidentExport', incident: incident.id } }],
      },
    ],
  };
}

/** The whole timeline as a Markdown document. */
export function timelineFile(told: Told): Answer {
  const { incident, entries, nameOf } = told;
  const times = incident.resolved
    ? [
        `- Detected: ${incident.resolved.detectedAt}`,
        `- Mitigated: ${incident.resolved.mitigatedAt}`,
        `- Stable: ${incident.resolved.stableAt}`,
      ]
    : [];
  const rows = entries.map((entry) => {
    const mark = entry.mark ? ` **${entry.mark}**` : '';
    return `| ${entry.at} | ${cell(nameOf(entry.who))} | ${cell(quoted(entry))}${mark} |`;
  });
  const text = [
    `# ${incident.id}: ${incident.title}`,
    '',
    `- Opened: ${incident.openedAt} by ${nameOf(incident.openedBy)}`,
    ...times,
    `- Releases: ${incident.releases.join(', ') || 'none'}`,
    '',
    '| When (UTC) | Who | What |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
  const message = {
    text: `${incident.id} as Markdown`,
    blocks: [{ kind: 'section' as const, text: mrkdwn`*${incident.id}* as Markdown` }],
  };
  return { kind: 'file', name: `${incident.id.toLowerCase()}.md`, text, message };
}

/** The newest lines, oldest first. */
function lines(told: Told, most: number): Mrkdwn {
  const { entries, nameOf } = told;
  const shown = entries.slice(-most);
  const left = entries.length - shown.length;
  const rows = shown.map((entry) => {
    const mark = entry.mark ? mrkdwn`   _${entry.mark}_` : mrkdwn``;
    return mrkdwn`${when(entry.at, 'seconds')}  ${nameOf(entry.who)}  ${shorten(quoted(entry), 200)}${mark}`;
  });
  return join(left > 0 ? [mrkdwn`_${left} earlier lines are in the export_`, ...rows] : rows, '\n');
}

function quoted(entry: TimelineEntry & { says: string }): string {
  return entry.note ? `“${entry.says}”${entry.note.edited ? ' (edited)' : ''}` : entry.says;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

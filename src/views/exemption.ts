import type { Exemption } from '../domain/policy/exemption.ts';
import { code, join, type Mrkdwn, mention, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Block, Message } from '../ports/message.ts';
import { shorten } from './words.ts';

/** What an exemption is drawn from. */
export interface ExemptionPicture {
  environment: string;
  exemption: Exemption;
  nameOf(id: string): string;
  /** Those who may grant it. */
  asked: readonly Mrkdwn[];
}

/** The one message of an exemption: asked with its buttons, then as it was decided. */
export function exemptionMessage(picture: ExemptionPicture): Message {
  const { environment, exemption, nameOf, asked } = picture;
  const { id, rule, until, reason, granted, refused } = exemption;
  const text = `${environment} · ${stateWords(picture)}: ${rule} for ${targetWords(exemption)}`;
  const decided = granted ?? refused;
  const lines: Mrkdwn[] = [
    mrkdwn`*${stateWords(picture)}* (${id})   ${code(rule)} for *${targetWords(exemption)}* in *${environment}*, until ${when(until, 'date')}`,
    mrkdwn`asked by ${nameOf(exemption.asked.by)}: ${reason}`,
    decided
      ? mrkdwn`${granted ? 'granted' : 'refused'} by ${nameOf(decided.by)} ${when(decided.at)}`
      : mrkdwn`A second person decides: ${asked.length > 0 ? join(asked, ' ') : mrkdwn`nobody may, by the configuration`}`,
  ];
  const blocks: Block[] = [{ kind: 'section', text: join(lines, '\n') }];
  if (!decided) blocks.push({ kind: 'buttons', buttons: buttons(picture) });
  return { text: shorten(text, 150), blocks };
}

/** A release, or a service of whatever release. */
export function targetWords({ release, service }: Pick<Exemption, 'release' | 'service'>): string {
  return release ?? service ?? 'nothing';
}

function stateWords({ exemption: { granted, refused } }: Pick<ExemptionPicture, 'exemption'>): string {
  if (granted) return 'Exempted';
  return refused ? 'Not exempted' : 'Exemption asked for';
}

function buttons({ environment, exemption }: ExemptionPicture) {
  const { id, rule } = exemption;
  const does = { kind: 'decideExemption' as const, environment, exemption: id };
  return [
    {
      label: 'Grant',
      style: 'danger' as const,
      does: { ...does, grant: true },
      confirm: {
        title: 'Pass over this rule?',
        text: shorten(
          `${rule} no longer refuses ${targetWords(exemption)} in ${environment}; your name is kept with it.`,
          300,
        ),
        yes: 'Grant',
        no: 'Not yet',
      },
    },
    { label: 'Refuse', does: { ...does, grant: false } },
  ];
}

/** Names a person where nobody else sees it. */
export function waitsForSecond(exemption: Exemption, environment: string): Mrkdwn {
  return mrkdwn`Asked as ${exemption.id}: ${code(exemption.rule)} for *${targetWords(exemption)}* in *${environment}* until ${when(exemption.until, 'date')}. A second person has to grant it; not ${mention(exemption.asked.by)}.`;
}

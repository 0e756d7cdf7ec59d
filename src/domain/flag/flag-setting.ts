import { z } from 'zod';

/** What a flag gives in one environment of its provider. */
export const FlagSetting = z.strictObject({
  /** Whether it is on at all. Off: everybody gets the value of before. */
  on: z.boolean(),
  /**
   * Percent of those whom no rule of the flag names who get `true`, from 0 to 100; 0 while it is off. Absent for a flag of other
   * values than true and false, or where the provider does not tell.
   */
  share: z.number().min(0).max(100).optional(),
  /** What everybody gets whom no rule of the flag names; absent while that differs from one to the other. */
  value: z.json().optional(),
  /** Whom rules of the flag name while it is on, in the provider's words; what they get is the provider's business. */
  audience: z.array(z.string()),
});
export type FlagSetting = z.infer<typeof FlagSetting>;

/** What a flag is to become. `share`: percent of those whom no rule names; absent: as the provider has it. */
export const FlagWanted = z.discriminatedUnion('on', [
  z.strictObject({ on: z.literal(false) }),
  z.strictObject({ on: z.literal(true), share: z.number().min(0).max(100).optional() }),
]);
export type FlagWanted = z.infer<typeof FlagWanted>;

/** A setting with what the provider knows this very state by: a change may ask that it is still there. */
export interface FlagSeen {
  setting: FlagSetting;
  revision: string;
}

/** What a provider says of a flag. */
export type FlagAnswer =
  | { kind: 'seen'; seen: FlagSeen }
  /** There is no such flag, project or environment. `says`: a sentence without its stop. */
  | { kind: 'missing'; says: string }
  /** The provider does not let us look, or says something that can't be understood. */
  | { kind: 'refused'; says: string }
  /** It could not be asked now. */
  | { kind: 'unknown'; says: string };

/** Whether a flag already is what it is to become. */
export function isReached({ on, share }: FlagSetting, wanted: FlagWanted): boolean {
  if (!wanted.on) return !on;
  return on && (wanted.share === undefined || wanted.share === share);
}

/** The way back to a setting. */
export function wantedOf({ on, share }: FlagSetting): FlagWanted {
  return on ? { on: true, ...(share !== undefined && { share }) } : { on: false };
}

/** Percent of everybody who get it; 0 while it is off. A flag of other values counts as all or nothing. */
export function shareOf({ on, share }: { on: boolean; share?: number | undefined }): number {
  return on ? (share ?? 100) : 0;
}

/** A setting in words: `off`, `10 %`, `everybody`, `nobody but beta-testers`. */
export function settingWords(setting: FlagSetting): string {
  const { on, share, value, audience } = setting;
  if (!on) return 'off';
  const besides = audience.length > 0 ? ` and ${audience.join(', ')}` : '';
  if (share === undefined) return value === undefined ? 'on' : `on, ${JSON.stringify(value).slice(0, 60)}`;
  if (share === 0) return audience.length > 0 ? `on for ${audience.join(', ')}` : 'on for nobody';
  return share === 100 ? 'on for everybody' : `on for ${share} %${besides}`;
}

export function wantedWords(wanted: FlagWanted): string {
  return settingWords({ on: wanted.on, share: wanted.on ? wanted.share : 0, audience: [] });
}

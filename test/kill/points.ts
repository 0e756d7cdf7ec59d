import { Effect, type EffectKind } from '../../src/domain/effect.ts';

/** Where in an effect's life the process is killed. */
export const MOMENTS = ['beforeIntent', 'afterIntent', 'beforeReceipt'] as const;
export type Moment = (typeof MOMENTS)[number];

/** A moment of an effect of a kind. */
export type Point = `${EffectKind}/${Moment}`;

/** Every kind of effect there is. */
export const EFFECT_KINDS: readonly EffectKind[] = Effect.options.map(({ shape }) => shape.kind.value);

/** The file whose scenes bring about each kind. A new kind needs a scene there. */
export const KILLED_IN: Record<EffectKind, 'dev' | 'production'> = {
  'git.commit': 'dev',
  'argocd.refresh': 'dev',
  'chat.post': 'dev',
  'chat.createChannel': 'dev',
  'rollout.undo': 'dev',
  'rollout.wake': 'dev',
  'flag.set': 'dev',
  'rollout.resume': 'production',
  'rollout.abort': 'production',
  'rollout.retry': 'production',
  'rollout.promoteFull': 'production',
  'rollout.pause': 'production',
};

export function pointsOf(kind: EffectKind): Point[] {
  return MOMENTS.map((moment): Point => `${kind}/${moment}`);
}

/** Every point that the scenes of one file must reach. */
export function pointsIn(file: 'dev' | 'production'): Point[] {
  return EFFECT_KINDS.filter((kind) => KILLED_IN[kind] === file).flatMap(pointsOf);
}

import { describe, expect, it } from 'vitest';
import { policyOf } from '../../../src/domain/actor.ts';
import { claimedPlacements } from '../../../src/domain/release/claims.ts';
import { record } from '../../../src/domain/release/look.ts';
import { Stage } from './fixtures.ts';

const { state } = new Stage();
const actor = policyOf('prod');
const both = ['main/shop/orders-api', 'main/shop/payments'];
const proof = { placement: 'main/shop/payments', podHash: 'hash-8', pods: 2, digests: {} };

describe('what a turn claims', () => {
  it.each([
    [
      'a proof',
      record({ kind: 'service.proved', actor, data: { service: 'payments', proof } }),
      ['main/shop/payments'],
    ],
    [
      'a stage of a recovery',
      record({ kind: 'recovery.reached', actor, data: { stage: 'clean', proofs: [], keysLeftAlone: [] } }),
      both,
    ],
    ['being released', record({ kind: 'release.ended', actor, data: { outcome: 'released' } }), both],
    ['being restored', record({ kind: 'release.ended', actor, data: { outcome: 'restored' } }), both],
    [
      'ending without moving anything',
      record({ kind: 'release.ended', actor, data: { outcome: 'expired' } }),
      [],
    ],
    [
      'a hold',
      record({ kind: 'release.held', actor, data: { reason: { kind: 'person', says: 'wait' } } }),
      [],
    ],
  ])('%s', (_, turn, placements) => {
    expect(claimedPlacements(state, turn)).toEqual(placements);
  });
});

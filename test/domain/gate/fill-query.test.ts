import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillQuery, type QueryValues } from '../../../src/domain/gate/fill-query.ts';
import { QUERY_NAMES } from '../../../src/domain/gate/query-text.ts';

const values: QueryValues = {
  service: 'orders-api',
  namespace: 'shop-prod',
  environment: 'prod',
  pod_hash: '6f9c7d5b8',
  stable_hash: '5d4f8b7c6',
  window: '300s',
};

describe('a query', () => {
  it('is filled in with every name that is offered, as often as it stands there', () => {
    const written = QUERY_NAMES.map((name) => `{{${name}}}`).join(' ');
    expect(fillQuery(`${written} {{ service }}`, values)).toEqual({
      kind: 'filled',
      query: 'orders-api shop-prod prod 6f9c7d5b8 5d4f8b7c6 300s orders-api',
    });
  });

  it('keeps everything else as it is written', () => {
    const written = 'sum by (le) (rate(a{b=~"x{2}|$1|$&",c="{{service}}"}[5m]))';
    expect(fillQuery(written, values)).toEqual({
      kind: 'filled',
      query: 'sum by (le) (rate(a{b=~"x{2}|$1|$&",c="orders-api"}[5m]))',
    });
  });

  it.each(['servcie', 'Service', '', '__proto__', 'constructor', 'toString', 'service.length', 'service|x'])(
    'that names {{%s}} is not asked',
    (name) => {
      expect(fillQuery(`a{b="{{${name}}}"}`, values)).toEqual({
        kind: 'unfillable',
        says: `a query cannot name {{${name}}}`,
      });
    },
  );

  it('is not asked for a value that is not there yet', () => {
    expect(fillQuery('a{b="{{stable_hash}}"}', { ...values, stable_hash: '' })).toEqual({
      kind: 'unfillable',
      says: '{{stable_hash}} has no value yet',
    });
    expect(fillQuery('a{b="{{service}}"}', { ...values, stable_hash: '' }).kind).toBe('filled');
  });

  it('tells everything that is wrong with it at once', () => {
    expect(fillQuery('{{a}} {{stable_hash}}', { ...values, stable_hash: '' })).toMatchObject({
      says: 'a query cannot name {{a}}; {{stable_hash}} has no value yet',
    });
  });

  it.each([
    ['ends the matcher', 'x"} or vector(0) or a{b="'],
    ['ends the matcher with another quote', "x'"],
    ['ends a raw text', 'x`'],
    ['escapes the quote behind it', 'x\\'],
    ['is a pattern for everything', '.*'],
    ['is a pattern for two', 'orders-api|cart'],
    ['is a pattern of one character', 'orders.api'],
    ['opens a matcher', '{'],
    ['is a comment', 'x#'],
    ['is two lines', 'x\ny'],
    ['ends with a line break', 'x\n'],
    ['is a space', ' '],
    ['names another value', '{{service}}'],
    ['begins with a hyphen', '-x'],
    ['ends with a hyphen', 'x-'],
    ['ends the window', '5m] offset 1w'],
    ['is a subquery', '5m:1s'],
    ['is a letter that only looks so', 'оrders'],
    ['is a Kelvin sign', '\u212a'],
    ['is a long s', '\u017f'],
    ['is full width', '\uff41'],
    ['turns around what follows', 'x\u202ey'],
    ['has no width', 'x\u200by'],
    ['ends for C', 'x\0y'],
    ['is only a comma', ','],
  ])('takes no value that %s', (_, attack) => {
    for (const name of QUERY_NAMES) {
      expect(fillQuery(`a{b="{{${name}}}"}`, { ...values, [name]: attack })).toEqual({
        kind: 'unfillable',
        says: `{{${name}}} is not a plain word`,
      });
    }
  });

  it('never holds more than letters, digits and hyphens in place of a name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (service) => {
        const filled = fillQuery('<{{service}}>', { ...values, service });
        return filled.kind === 'unfillable' || /^<[A-Za-z0-9-]+>$/.test(filled.query);
      }),
    );
  });

  it('is filled with no value twice', () => {
    // A value that looks like a name would only be one if what was filled in were read again.
    const filled = fillQuery('{{service}}{{pod_hash}}', {
      ...values,
      service: 'service',
      pod_hash: 'window',
    });
    expect(filled).toEqual({ kind: 'filled', query: 'servicewindow' });
  });
});

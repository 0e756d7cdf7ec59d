import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/registry.ts';
import type { Understood } from '../../src/domain/command.ts';
import { wordsOf } from '../../src/domain/text/typed-words.ts';
import { understandCommand, understandWords } from '../../src/domain/understand-command.ts';

const grammar = (prefix = '') => ({ commands, vocabulary: { environments: ['dev', 'prod'], prefix } });
const kindOf = (understood: Understood) =>
  understood.kind === 'understood' ? understood.request.kind : understood.suggestions;

describe('a command line', () => {
  it.each([
    ['/release', 'status prod', 'status'],
    ['/release', 'STATUS prod', 'status'],
    ['/release', '', 'help'],
    ['/rollback', '', 'rollbackPlan'],
    ['/rollback', 'orders-api to .2', 'rollbackPlan'],
    ['/rollback', 'help', 'help'],
    ['/incident', 'note it broke', 'incidentNote'],
  ])('%s %s asks for %s', (name, text, kind) => {
    expect(kindOf(understandCommand(grammar(), name, wordsOf(text)))).toBe(kind);
  });

  it.each([
    ['/release', 'statsu prod', ['/release status prod']],
    ['/release', 'xyzzy', []],
    ['/relase', 'status', ['/release']],
  ])('%s %s is a slip, and %j is offered', (name, text, suggestions) => {
    expect(kindOf(understandCommand(grammar(), name, wordsOf(text)))).toEqual(suggestions);
  });

  it('goes by the prefix', () => {
    expect(kindOf(understandCommand(grammar('acme-'), '/acme-release', wordsOf('status')))).toBe('status');
    expect(kindOf(understandCommand(grammar('acme-'), '/acme-release', wordsOf('statsu')))).toEqual([
      '/acme-release status',
    ]);
    expect(understandCommand(grammar('acme-'), '/release', wordsOf('status')).kind).toBe('misunderstood');
  });
});

describe('words that begin with the command', () => {
  it.each([
    ['release status', 'status'],
    ['acme-release status', 'status'],
    ['/release status', 'status'],
    ['.Rollback web', 'rollbackPlan'],
  ])('%s asks for %s, with the prefix or without', (text, kind) => {
    expect(kindOf(understandWords(grammar('acme-'), wordsOf(text)))).toBe(kind);
  });

  it('that says nothing is told what there is', () => {
    const understood = understandWords(grammar(), wordsOf(''));
    expect(understood).toMatchObject({ kind: 'misunderstood', usage: '/release | /rollback | /incident' });
  });
});

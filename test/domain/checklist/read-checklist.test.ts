import { describe, expect, it } from 'vitest';
import { readChecklist } from '../../../src/domain/checklist/read-checklist.ts';

const known = { roles: ['dba', 'managers'], gates: ['error-rate'] };

/** A list with one phase. */
const under = (heading: string, ...items: string[]): string =>
  `# Release\n\n## ${heading}\n\n${items.join('\n')}\n`;

function faultsOf(text: string): string[] {
  const read = readChecklist(text, known);
  return read.kind === 'faulty' ? read.faults.map(({ line, says }) => `${line} ${says}`) : [read.kind];
}

describe('a checklist', () => {
  it('is Markdown that people read, with what checks or who answers at the end of each task', () => {
    const text = [
      '# Release checklist v1',
      'Nine items.',
      '## Preflight',
      '- [ ] Every image is pinned (rule: image-digest-pinned, placeholder-digest)',
      '- [ ] DBA signed off on `expand` migrations',
      '  (owner: dba; evidence: link; when: migrations; id: dba-sign-off)',
      '- no task',
      '## During rollout',
      '- [ ] Errors stay low (gate: error-rate; before: wave)',
      '```',
      '- [ ] only an example',
      '```',
      '## Rollback',
      '- [ ] Told in #ops (owner: managers; evidence: <https://wiki.example/ops>; by: anyone)',
    ].join('\n');
    expect(readChecklist(text, known)).toEqual({
      kind: 'read',
      title: 'Release checklist v1',
      items: [
        {
          id: 'every-image-is-pinned',
          phase: 'preflight',
          text: 'Every image is pinned',
          line: 4,
          blocks: 'start',
          checks: [
            { kind: 'rule', name: 'image-digest-pinned' },
            { kind: 'rule', name: 'placeholder-digest' },
          ],
          by: 'checker',
        },
        {
          id: 'dba-sign-off',
          phase: 'preflight',
          text: 'DBA signed off on expand migrations',
          line: 5,
          blocks: 'start',
          checks: [],
          owner: 'dba',
          evidence: 'asked',
          by: 'checker',
          when: 'migrations',
        },
        {
          id: 'errors-stay-low',
          phase: 'during',
          text: 'Errors stay low',
          line: 9,
          blocks: 'wave',
          checks: [{ kind: 'gate', name: 'error-rate' }],
          by: 'checker',
        },
        {
          id: 'told-in-ops',
          phase: 'rollback',
          text: 'Told in #ops',
          line: 14,
          checks: [],
          owner: 'managers',
          evidence: 'https://wiki.example/ops',
          by: 'anyone',
        },
      ],
    });
  });

  it('without a task is none', () => {
    expect(faultsOf('# How we release\n\n- with care\n')).toEqual(['none']);
  });

  it.each([
    ['nothing', '- [ ] Coverage is fine (CI gate)', /^5 says neither what checks it nor who answers/],
    ['no brackets', '- [ ] Coverage is fine', /^5 says neither/],
    ['an owner without evidence', '- [ ] Fine (owner: dba)', /^5 says no evidence/],
    ['evidence without an owner', '- [ ] Fine (evidence: link)', /^5 says no owner/],
    [
      'an unknown role',
      '- [ ] Fine (owner: dbb; evidence: link)',
      /there is no such role; did you mean dba\?/,
    ],
    [
      'a link that is none',
      '- [ ] Fine (owner: dba; evidence: http://x.test)',
      /write link, or an https address/,
    ],
    ['an unknown rule', '- [ ] Fine (rule: image-digest-pined)', /did you mean image-digest-pinned\?/],
    ['an unknown fact', '- [ ] Fine (fact: moon)', /which there is not; known: way-back/],
    ['a rule that no cut judges', '- [ ] Fine (rule: health-checks-declared)', /which there is not/],
    ['a gate before the start', '- [ ] Fine (gate: error-rate)', /write it under During rollout/],
    ['an owner for what is checked', '- [ ] Fine (rule: policy; owner: dba)', /is checked by itself/],
    ['an unknown key', '- [ ] Fine (rule: policy; wen: flags)', /which is no key; did you mean when\?/],
    ['a key twice', '- [ ] Fine (rule: policy; rule: policy)', /says rule: twice/],
    [
      'an unknown choice',
      '- [ ] Fine (rule: policy; when: full-moon)',
      /it is one of migrations, flags, contracts/,
    ],
    [
      'before: elsewhere',
      '- [ ] Fine (rule: policy; before: wave)',
      /only means something under During rollout/,
    ],
    ['a tick', '- [x] Fine (rule: policy)', /is ticked in the file/],
    ['nothing to read', '- [ ] (rule: policy)', /says nothing before its brackets/],
    [
      'a list of its own',
      '- [ ] Fine (rule: policy)\n  - [ ] And this (rule: policy)',
      /has a list of its own/,
    ],
  ])('with %s is refused with its line', (_, item, says) => {
    expect(faultsOf(under('Preflight', item)).join('\n')).toMatch(says);
  });

  it('tells every fault at once, and two items of one name', () => {
    expect(
      faultsOf(under('Preflight', '- [ ] One (rule: policy)', '- [ ] Two', '- [ ] One (rule: policy)')),
    ).toEqual([
      expect.stringMatching(/^6 says neither/),
      expect.stringMatching(/^7 is called one, as the item at line 5 is/),
    ]);
    expect(faultsOf(under('Preflight', '- [ ] One (rule: policy)', '- [ ] One (rule: policy)'))).toEqual([
      '6 is called one, as the item at line 5 is; give it another with id:',
    ]);
    expect(faultsOf(under('Notes', '- [ ] One (rule: policy)'))).toEqual([
      '5 stands below no phase: write it under the heading Preflight, During rollout or Rollback',
    ]);
  });

  it('is refused when nobody could read it', () => {
    expect(faultsOf('x'.repeat(16_001))).toEqual(['1 is longer than 16000 characters']);
    const spaces = `${under('Preflight', `- [ ] Fine${' '.repeat(2)}${'( '.repeat(7_000)}`)}`;
    expect(faultsOf(spaces)).toEqual(['5 is longer than 1500 characters']);
  });
});

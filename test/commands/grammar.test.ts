import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../commands/registry.ts';
import type { Understood, Vocabulary } from '../../src/domain/command.ts';
import { EXEMPTIBLE } from '../../src/domain/policy/exemption.ts';
import { Request } from '../../src/domain/request.ts';

const vocabulary: Vocabulary = { environments: ['dev', 'staging', 'prod'], prefix: '' };
const digest = `sha256:${'a'.repeat(64)}`;

/** As the adapter does: the first word is the verb where it is one, else the command's own verb is meant. */
function understand(command: string, text: string): Understood {
  const found = commands.find(({ name }) => name === command);
  if (found === undefined) throw new Error(command);
  const words = text.split(' ').filter((word) => word !== '');
  const named = found.verbs.find(({ name }) => name === words[0]?.toLowerCase());
  const verb = named ?? found.verbs.find(({ name }) => name === found.fallback);
  if (verb === undefined) throw new Error(text);
  return verb.understand(named ? words.slice(1) : words, vocabulary);
}

const tag = (service: string, version: string) => ({ service, version: { kind: 'tag', tag: version } });

describe('what people type', () => {
  it.each<[string, string, object]>([
    ['release', 'cut staging', { kind: 'cut', environment: 'staging', services: [], leaveOut: [] }],
    ['release', 'cut STAGING', { kind: 'cut', environment: 'staging', services: [], leaveOut: [] }],
    ['release', 'cut dev orders-api@1.8.0', { kind: 'cut', services: [tag('orders-api', '1.8.0')] }],
    [
      'release',
      'cut dev Orders-API@1.8.0 train=shop',
      { kind: 'cut', services: [tag('orders-api', '1.8.0')], train: 'shop' },
    ],
    [
      'release',
      `cut dev cart@${digest}`,
      { services: [{ service: 'cart', version: { kind: 'digest', digest } }] },
    ],
    ['release', 'cut prod', { kind: 'cutPreview', environment: 'prod' }],
    ['release', 'cut prod cart@1.0.0', { kind: 'cut', environment: 'prod' }],
    ['release', 'cut prod --dry-run', { kind: 'cut', environment: 'prod', services: [], dryRun: true }],
    ['release', 'plan prod', { kind: 'cut', environment: 'prod', services: [], dryRun: true }],
    [
      'release',
      'plan dev cart@1.0.0 train=shop',
      { kind: 'cut', services: [tag('cart', '1.0.0')], train: 'shop', dryRun: true },
    ],
    ['release', 'checklist', { kind: 'checklist', afresh: false }],
    [
      'release',
      'checklist .3 PROD run',
      { kind: 'checklist', release: '.3', environment: 'prod', afresh: true },
    ],
    [
      'release',
      'checklist .3 tick DBA-sign-off <https://wiki.test/12|wiki>',
      { kind: 'answerItem', release: '.3', item: 'dba-sign-off', met: true, link: 'https://wiki.test/12' },
    ],
    [
      'release',
      'checklist prod refuse looked it is red',
      { kind: 'answerItem', environment: 'prod', item: 'looked', met: false, says: 'it is red' },
    ],
    ['release', 'checklist report prod', { kind: 'checklistReport', environment: 'prod' }],
    ['release', 'checklist readiness web', { kind: 'readiness', service: 'web' }],
    ['release', 'flag', { kind: 'flags' }],
    ['release', 'flag prod', { kind: 'flags', environment: 'prod' }],
    ['release', 'flag Tax_V2 prod', { kind: 'flags', key: 'Tax_V2', environment: 'prod' }],
    ['release', 'flag off tax-v2 PROD', { kind: 'flagOff', key: 'tax-v2', environment: 'prod' }],
    ['release', 'flag OFF tax-v2', { kind: 'flagOff', key: 'tax-v2' }],
    ['release', 'flag on tax-v2 prod', { kind: 'flagTurn', key: 'tax-v2', percent: 100 }],
    ['release', 'flag ramp tax-v2 prod', { kind: 'flagTurn', key: 'tax-v2', environment: 'prod' }],
    ['release', 'flag ramp prod tax-v2 0.5%', { kind: 'flagTurn', key: 'tax-v2', percent: 0.5 }],
    ['release', 'promote .3 prod --dry-run', { kind: 'promote', release: '.3', dryRun: true }],
    [
      'release',
      'diff dev prod',
      { kind: 'diff', a: { kind: 'environment', environment: 'dev' }, b: { environment: 'prod' } },
    ],
    [
      'release',
      'diff .3 PROD',
      {
        kind: 'diff',
        a: { kind: 'release', release: '.3' },
        b: { kind: 'environment', environment: 'prod' },
      },
    ],
    [
      'release',
      'diff prod git cluster',
      { kind: 'diff', a: { kind: 'git', environment: 'prod' }, b: { kind: 'cluster', environment: 'prod' } },
    ],
    [
      'release',
      'diff prod cluster',
      { kind: 'diff', a: { kind: 'environment', environment: 'prod' }, b: { kind: 'cluster' } },
    ],
    ['release', 'drop Cart', { kind: 'drop', services: ['cart'], dependents: 'ask' }],
    [
      'release',
      'drop cart web prod .3',
      { kind: 'drop', services: ['cart', 'web'], release: '.3', environment: 'prod' },
    ],
    ['release', 'where 4F1C2ab', { kind: 'where', word: '4F1C2ab' }],
    ['release', 'where Cart@1.8.0', { kind: 'where', word: '1.8.0', service: 'cart' }],
    ['release', `where ${digest}`, { kind: 'where', word: digest }],
    ['release', 'changes cart', { kind: 'changes', service: 'cart' }],
    [
      'release',
      'changes cart prod 2h',
      { kind: 'changes', service: 'cart', environment: 'prod', withinMs: 7_200_000 },
    ],
    ['release', 'status', { kind: 'status' }],
    ['release', 'status prod', { kind: 'status', environment: 'prod' }],
    ['release', 'status .3', { kind: 'status', release: '.3' }],
    ['release', 'preflight .3', { kind: 'preflight', release: '.3' }],
    ['release', 'preflight prod', { kind: 'preflight', environment: 'prod' }],
    [
      'release',
      'exempt slo-gate-required Web prod --until 2h --reason "no metrics before WEB-91"',
      {
        kind: 'exempt',
        rule: 'slo-gate-required',
        target: 'web',
        environment: 'prod',
        forMs: 7_200_000,
        reason: 'no metrics before WEB-91',
      },
    ],
    [
      'release',
      'exempt environment-order .3 --reason staging is being rebuilt --until 90m',
      { kind: 'exempt', target: '.3', forMs: 5_400_000, reason: 'staging is being rebuilt' },
    ],
    [
      'release',
      'freeze prod Cart --until 2h --reason "sale of the year"',
      {
        kind: 'freeze',
        environment: 'prod',
        services: ['cart'],
        forMs: 7_200_000,
        reason: 'sale of the year',
      },
    ],
    ['release', 'freeze prod --reason sale', { kind: 'freeze', environment: 'prod', services: [] }],
    [
      'release',
      'rehearse prod Cart@1.8.0',
      { kind: 'rehearse', environment: 'prod', services: [{ service: 'cart' }] },
    ],
    ['release', 'unfreeze prod f2', { kind: 'unfreeze', environment: 'prod', freeze: 'F2' }],
    [
      'release',
      'cut prod --hotfix inc-4 cart@1.8.1',
      { kind: 'cut', environment: 'prod', hotfix: 'INC-4', services: [{ service: 'cart' }] },
    ],
    ['release', 'cut prod cart@1.8.1 hotfix=4', { kind: 'cut', hotfix: 'INC-4' }],
    ['release', 'promote', { kind: 'promote' }],
    ['release', 'promote .3 prod', { kind: 'promote', release: '.3', environment: 'prod' }],
    [
      'release',
      'resume prod .3 orders-api',
      { kind: 'resume', release: '.3', service: 'orders-api', environment: 'prod' },
    ],
    ['release', 'abort checkout-2026-11-20.3', { kind: 'abort', release: 'checkout-2026-11-20.3' }],
    ['release', '', { kind: 'help', command: 'release' }],
    ['rollback', '', { kind: 'rollbackPlan' }],
    ['rollback', 'orders-api', { kind: 'rollbackPlan', target: 'orders-api' }],
    ['rollback', 'orders-api to .2', { kind: 'rollbackPlan', target: 'orders-api', to: '.2' }],
    [
      'rollback',
      'orders-api prod --to .2',
      { kind: 'rollbackPlan', target: 'orders-api', environment: 'prod', to: '.2' },
    ],
    ['incident', 'open', { kind: 'incidentForm' }],
    [
      'incident',
      'note INC-4 it is the cache',
      { kind: 'incidentNote', text: 'it is the cache', incident: 'INC-4' },
    ],
    ['incident', 'note it is the cache', { kind: 'incidentNote', text: 'it is the cache' }],
    ['incident', 'timeline 4', { kind: 'incidentTimeline', incident: 'INC-4' }],
  ])('/%s %s is understood', (command, text, request) => {
    const understood = understand(command, text);
    expect(understood).toMatchObject({ kind: 'understood', request });
  });

  it.each([
    ['release', 'exempt slo web', 'There is no rule slo', [...EXEMPTIBLE]],
    ['release', 'exempt environment-ordr web', 'There is no rule environment-ordr', ['environment-order']],
    [
      'release',
      'exempt environment-order',
      'Which service or release is exempted from environment-order?',
      [],
    ],
    ['release', 'exempt environment-order web', 'Until when? An exemption ends', ['--until 2h']],
    [
      'release',
      'exempt environment-order web --until soon',
      'soon is no duration',
      ['--until 30m', '--until 2h', '--until 3d'],
    ],
    [
      'release',
      'exempt environment-order web --until 2h --reason why',
      'A reason has 10 to 500 characters, and this one 3',
      ['--reason "no metrics before WEB-91"'],
    ],
    ['release', 'cut', 'Which environment?', ['dev', 'staging', 'prod']],
    ['release', 'where', 'Where is what?', []],
    ['release', 'changes', 'Which service?', []],
    ['release', 'changes cart soon', 'soon is no length of time: 30m, 2h or 7d', ['changes cart 2h']],
    ['release', 'changes cart 0s', '0s is no length of time: 30m, 2h or 7d', ['changes cart 2h']],
    ['release', 'changes cart 1000d', 'Further back than 90d nothing is shown here', ['changes cart 90d']],
    ['release', 'drop', 'Which service should be dropped?', []],
    ['release', 'drop cart .3 .4', 'Only one release at a time: .3 or .4?', []],
    ['release', 'diff', 'Compare what?', ['diff staging prod', 'diff prod git cluster']],
    ['release', 'diff prod', 'Compare prod with what?', ['diff staging prod', 'diff prod git cluster']],
    ['release', 'diff prod pord', 'pord is neither a release nor an environment', ['dev', 'staging', 'prod']],
    [
      'release',
      'diff git cluster',
      'Git and the cluster are compared in one environment',
      ['diff dev git cluster', 'diff staging git cluster', 'diff prod git cluster'],
    ],
    ['release', 'cut stagin', 'There is no environment stagin', ['staging']],
    [
      'release',
      'cut dev orders-api',
      'Which version of orders-api?',
      ['orders-api@1.2.3', 'orders-api@sha256:…'],
    ],
    [
      'release',
      `cut dev cart@${digest.slice(0, -1)}`,
      'The digest of cart has 63 characters after sha256:, not 64',
      [],
    ],
    ['release', `cut dev cart@${digest.toUpperCase()}`, 'cart: only sha256 digests are accepted', []],
    ['release', `cut dev cart@sha512:${'a'.repeat(128)}`, 'cart: only sha256 digests are accepted', []],
    ['release', 'cut dev cart@1 cart@2', 'cart is named twice', []],
    ['release', 'cut dev ../etc@1', '../etc@1 does not start with a service name', []],
    ['release', 'abort maybe', 'maybe is neither a release nor an environment', []],
    ['release', 'status a b', 'I don\'t understand "b"', []],
    ['incident', 'note', 'There is nothing to note', []],
  ])('/%s %s is not, and says why', (command, text, wrong, suggestions) => {
    expect(understand(command, text)).toMatchObject({
      kind: 'misunderstood',
      wrong,
      suggestions,
      usage: expect.stringMatching(/^\//),
    });
  });

  it('opens a form for what is answered by one', () => {
    expect(understand('release', 'cut prod')).toMatchObject({ opens: 'Cut prod' });
    expect(understand('rollback', 'web')).toMatchObject({ opens: 'Roll back' });
    expect(understand('incident', 'open')).toMatchObject({ opens: 'Open an incident' });
  });

  it('never throws, and asks for nothing that is no request', () => {
    const words = fc.array(
      fc.oneof(
        fc.string(),
        fc.constantFrom('prod', '.3', 'to', '--help', 'constructor', '__proto__', `x@${digest}`),
      ),
    );
    const verbs = commands.flatMap((command) => command.verbs.map((verb) => ({ verb })));
    fc.assert(
      fc.property(fc.constantFrom(...verbs), words, ({ verb }, typed) => {
        const understood = verb.understand(typed, vocabulary);
        if (understood.kind === 'understood') Request.parse(understood.request);
      }),
    );
  });

  it('has an example for every verb, and every example is understood', () => {
    for (const command of commands) {
      for (const verb of command.verbs) {
        expect(verb.examples.length).toBeGreaterThan(0);
        for (const example of verb.examples.map((one) => one.replace('…', 'a'.repeat(64)))) {
          expect(understand(command.name, example).kind, `${command.name} ${example}`).toBe('understood');
        }
      }
    }
  });
});

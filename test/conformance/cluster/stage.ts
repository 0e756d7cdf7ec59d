import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type Ask,
  at,
  Client,
  type ConformanceTarget,
  itemsOf,
  type Json,
  MERGE,
  textAt,
} from './client.ts';
import { AS_PERSON, productRights } from './rights.ts';

/** Milliseconds between looks while waiting. */
const LOOK_EVERY_MS = 20;

/**
 * Milliseconds after which a Rollout that does not move is touched, so that its controller looks again: argo-rollouts 1.9
 * overlooks a write that comes while it works on its own last one, and then waits for the next event.
 */
const NUDGE_AFTER_MS = 4000;

/** How long something must not happen, in milliseconds, before a case believes that it does not. */
const QUIET_MS = 300;

const ROLLOUTS = 'apis/argoproj.io/v1alpha1';

/** A canary of this image, one container `app`, labelled `app: <name>`. */
export interface Wish {
  replicas?: number;
  image?: string;
  env?: { name: string; value: string }[];
  annotations?: Json;
  strategy?: Json;
  more?: Json;
}

/** What the product asks with: its own token, in the name of a person. */
export const BY_PERSON: Ask = { token: 'bot', headers: AS_PERSON };

/**
 * One case's own namespace in a cluster, and what cases do in it. Everything goes through the Kubernetes API: what the product
 * reads and writes with the product's token and its least rights, the rest (what Git says, what a cluster has) as administrator.
 */
export class Stage implements AsyncDisposable {
  readonly client: Client;
  readonly namespace: string;
  readonly #outside: string[] = [];

  constructor(client: Client, namespace: string) {
    this.client = client;
    this.namespace = namespace;
  }

  static async open(target: ConformanceTarget, name: string): Promise<Stage> {
    const client = new Client(target);
    const namespace = `case-${name}-${Math.random().toString(36).slice(2, 8)}`;
    const stage = new Stage(client, namespace);
    stage.must(await client.ask('POST', '/api/v1/namespaces', { metadata: { name: namespace } }));
    await stage.#giveRights();
    return stage;
  }

  async #giveRights(): Promise<void> {
    for (const { path, name, clusterWide, body } of productRights(
      this.namespace,
      this.client.target.botName,
    )) {
      if (clusterWide) await this.clusterWide(path, { ...body, metadata: { name } });
      else this.must(await this.client.ask('POST', path, body));
    }
    await this.#untilAllowed();
  }

  /** An API server takes a moment to see new rights. */
  async #untilAllowed(): Promise<void> {
    const nobody = this.path('rollouts/nobody');
    const deadline = Date.now() + this.client.target.deadlineMs;
    for (;;) {
      const read = await this.client.ask('GET', nobody, undefined, { token: 'bot' });
      const write = await this.client.ask('PATCH', nobody, {}, { ...BY_PERSON, type: MERGE });
      if (read.code === 404 && write.code === 404) return;
      if (Date.now() > deadline) throw new Error(`the product's rights: ${read.code}, ${write.code}`);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Makes an object of the cluster itself, which goes with the case. */
  async clusterWide(path: string, body: Json & { metadata: { name: string } }): Promise<void> {
    this.must(await this.client.ask('POST', path, body));
    this.#outside.push(`${path}/${body.metadata.name}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const background = { propagationPolicy: 'Background' };
    const outside = this.#outside.map((path) => this.client.ask('DELETE', path));
    const gone = this.client.ask('DELETE', `/api/v1/namespaces/${this.namespace}`, background);
    await Promise.allSettled([...outside, gone]);
    await this.client.close();
  }

  /** Address of a collection or object: `rollouts`, `pods/web-1`. */
  path(what: string): string {
    const [plural = ''] = what.split(/[/?]/);
    const groups: Record<string, string> = {
      pods: 'api/v1',
      services: 'api/v1',
      events: 'api/v1',
      configmaps: 'api/v1',
      replicasets: 'apis/apps/v1',
      deployments: 'apis/apps/v1',
      ingresses: 'apis/networking.k8s.io/v1',
      roles: 'apis/rbac.authorization.k8s.io/v1',
      rolebindings: 'apis/rbac.authorization.k8s.io/v1',
    };
    return `/${groups[plural] ?? ROLLOUTS}/namespaces/${this.namespace}/${what}`;
  }

  must(answer: Answer): Json {
    if (answer.code >= 300) throw new Error(`${answer.code} ${textAt(answer.body, 'message')}`);
    return answer.body;
  }

  async create(what: string, body: Json): Promise<Json> {
    return this.must(await this.client.ask('POST', this.path(what), body));
  }

  /** As the product reads. */
  read(what: string): Promise<Answer> {
    return this.client.ask('GET', this.path(what), undefined, { token: 'bot' });
  }

  async get(what: string): Promise<Json> {
    return this.must(await this.read(what));
  }

  /** What somebody else changes: a GitOps agent, or a person with `kubectl`. */
  async patch(what: string, body: unknown, type = MERGE): Promise<Json> {
    return this.must(await this.client.ask('PATCH', this.path(what), body, { type }));
  }

  /** What the product changes, in a person's name. */
  async act(what: string, body: unknown, type = MERGE): Promise<Json> {
    return this.must(await this.client.ask('PATCH', this.path(what), body, { ...BY_PERSON, type }));
  }

  /** Waits until `look` is content with an object. */
  async until(what: string, look: (object: Json) => boolean, why: string): Promise<Json> {
    const begun = Date.now();
    let nudges = 0;
    for (;;) {
      const { code, body } = await this.read(what);
      if (code < 300 && look(body)) return body;
      const waitedMs = Date.now() - begun;
      if (waitedMs > this.client.target.deadlineMs) {
        throw new Error(`waited for ${what} ${why}: ${JSON.stringify(at(body, 'status') ?? body)}`);
      }
      if (what.startsWith('rollouts/') && waitedMs > NUDGE_AFTER_MS * (nudges + 1)) {
        nudges += 1;
        await this.act(what, { metadata: { annotations: { 'signalbox.test/nudge': String(nudges) } } });
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Gives things that must not happen the time to. */
  quiet(): Promise<void> {
    return sleep(QUIET_MS);
  }

  /**
   * Waits until the controller has seen the present generation and writes this phase, with this message where given, and then
   * until it rests, so that it does not overlook the case's next write (`writeBackToInformer` puts its older copy back).
   */
  async phase(name: string, phase: string, message?: string): Promise<Json> {
    const look = (rollout: Json): boolean =>
      textAt(rollout, 'status.observedGeneration') === textAt(rollout, 'metadata.generation') &&
      at(rollout, 'status.phase') === phase &&
      (message === undefined || textAt(rollout, 'status.message') === message);
    for (;;) {
      const seen = await this.until(`rollouts/${name}`, look, `to be ${phase} ${message ?? ''}`);
      await sleep(this.client.target.settleMs);
      const now = await this.get(`rollouts/${name}`);
      if (textAt(now, 'metadata.resourceVersion') === textAt(seen, 'metadata.resourceVersion')) return now;
    }
  }

  template(name: string, wish: Wish): Json {
    const { image = 'registry.test/app:1', env, annotations } = wish;
    const container = { name: 'app', image, resources: {}, ...(env === undefined ? {} : { env }) };
    const labels = { app: name };
    const metadata = annotations === undefined ? { labels } : { labels, annotations };
    return { metadata, spec: { containers: [container] } };
  }

  rollout(name: string, wish: Wish): Promise<Json> {
    const { replicas = 2, strategy = { canary: {} }, more = {} } = wish;
    return this.create('rollouts', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: this.template(name, wish),
        strategy,
        ...more,
      },
    });
  }

  /** A Rollout that is Healthy. */
  async healthy(name: string, wish: Wish): Promise<Json> {
    await this.rollout(name, wish);
    return this.phase(name, 'Healthy');
  }

  /** A canary with steps that is Healthy on `:1` and then paused at its first pause on `:2`. */
  async paused(name: string, steps: unknown[] = [{ setWeight: 50 }, { pause: {} }]): Promise<Json> {
    await this.healthy(name, { strategy: { canary: { steps } } });
    await this.image(name, 'registry.test/app:2');
    return this.phase(name, 'Paused', 'CanaryPauseStep');
  }

  image(name: string, image: string): Promise<Json> {
    return this.patch(`rollouts/${name}`, { spec: { template: this.template(name, { image }) } });
  }

  status(name: string, status: Json): Promise<Json> {
    return this.act(`rollouts/${name}/status`, { status });
  }

  service(name: string, app: string): Promise<Json> {
    return this.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: { app }, ports: [{ port: 80 }] },
    });
  }

  async replicaSets(app: string): Promise<Json[]> {
    return itemsOf(await this.get(`replicasets?labelSelector=app%3D${app}`));
  }

  async pods(app: string): Promise<Json[]> {
    const list = await this.get(`pods?labelSelector=app%3D${app}`);
    return itemsOf(list).filter((pod) => at(pod, 'metadata.deletionTimestamp') === undefined);
  }

  /** Wanted replicas by image, those of empty ReplicaSets left out. */
  async spread(app: string): Promise<Record<string, number>> {
    const sets = await this.replicaSets(app);
    const wanted = sets.map((set): [string, number] => [
      textAt(set, 'spec.template.spec.containers.0.image'),
      Number(at(set, 'spec.replicas')),
    ]);
    return Object.fromEntries(wanted.filter(([, replicas]) => replicas > 0));
  }

  /** Waits until exactly these images have exactly these replicas, all of them available. */
  async untilSpread(app: string, wanted: Record<string, number>): Promise<void> {
    const look = (list: Json): boolean => {
      const sets = itemsOf(list).filter((set) => textAt(set, 'metadata.labels.app') === app);
      const up = sets.filter(
        (set) => Number(at(set, 'spec.replicas')) > 0 || Number(at(set, 'status.replicas')) > 0,
      );
      return (
        up.length === Object.keys(wanted).length &&
        up.every((set) => {
          const replicas = wanted[textAt(set, 'spec.template.spec.containers.0.image')];
          return (
            Number(at(set, 'spec.replicas')) === replicas &&
            Number(at(set, 'status.availableReplicas')) === replicas
          );
        })
      );
    };
    await this.until('replicasets', look, `to be ${JSON.stringify(wanted)}`);
  }

  /** Image to revision number. */
  async revisions(app: string): Promise<Record<string, string>> {
    const sets = await this.replicaSets(app);
    return Object.fromEntries(
      sets.map((set) => [
        textAt(set, 'spec.template.spec.containers.0.image'),
        String(
          Reflect.get((at(set, 'metadata.annotations') ?? {}) as object, 'rollout.argoproj.io/revision') ??
            '',
        ),
      ]),
    );
  }
}

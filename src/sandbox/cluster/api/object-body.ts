import { z } from 'zod';
import type { KubeObject } from '../rollout/objects.ts';
import { badRequest, type FailureCause, fail, invalid, type Outcome, value } from './failure.ts';
import { groupVersionOf, type Resource } from './resources.ts';

const texts = z.record(z.string(), z.string()).nullish();

const Meta = z.looseObject({
  name: z.string().optional(),
  generateName: z.string().optional(),
  namespace: z.string().optional(),
  resourceVersion: z.string().optional(),
  labels: texts,
  annotations: texts,
});

/** Any object as a client sends it. */
const ObjectBody = z.looseObject({
  apiVersion: z.string().default(''),
  kind: z.string().default(''),
  metadata: Meta.default({}),
});

const number = z.int().nullish();
const flag = z.boolean().nullish();
const text = z.string().nullish();

/** The fields of a Rollout whose type the CRD checks and people patch. */
const RolloutFields = z.looseObject({
  spec: z
    .looseObject({
      replicas: number,
      paused: flag,
      restartAt: text,
      minReadySeconds: number,
      progressDeadlineSeconds: number,
      revisionHistoryLimit: number,
      template: z
        .looseObject({ spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })) }) })
        .nullish(),
      strategy: z
        .looseObject({
          canary: z.looseObject({ steps: z.array(z.looseObject({ setWeight: number })).nullish() }).nullish(),
          blueGreen: z.looseObject({ activeService: z.string() }).nullish(),
        })
        .nullish(),
    })
    .default({}),
  status: z
    .looseObject({
      abort: flag,
      promoteFull: flag,
      controllerPause: flag,
      currentStepIndex: number,
      currentPodHash: text,
      pauseConditions: z.array(z.looseObject({ reason: z.string(), startTime: z.string() })).nullish(),
    })
    .nullish(),
});

const FIELDS: Readonly<Record<string, z.ZodType>> = { Rollout: RolloutFields };

/** Reads an object out of a request's JSON; the kind must be the address's. */
export function readObject(body: unknown, resource: Resource): Outcome<KubeObject> {
  const parsed = ObjectBody.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const why = `${issue?.path.join('.')}: ${issue?.message}`;
    return fail(badRequest(`the object provided is unrecognized (must be of type ${resource.kind}): ${why}`));
  }
  const { apiVersion, kind } = parsed.data;
  const expected = groupVersionOf(resource);
  if (apiVersion !== '' && apiVersion !== expected) {
    const said = `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`;
    return fail(badRequest(said));
  }
  if (kind !== '' && kind !== resource.kind) {
    const said = `${kind} in version "${resource.version}" cannot be handled as a ${resource.kind}: no kind match`;
    return fail(badRequest(said));
  }
  const object = { ...parsed.data, apiVersion: expected, kind: resource.kind };
  return value(object as unknown as KubeObject);
}

/** What the server adds when a schema was violated: it then leaves out the rules that need a valid object. */
const REST_UNCHECKED: FailureCause = {
  reason: 'FieldValueInvalid',
  message:
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  field: '<nil>',
};

/** Checks the fields that a CRD's schema would. Below the status subresource, messages name fields from there. */
export function checkFields(object: KubeObject, resource: Resource): Outcome<KubeObject> {
  const schema = FIELDS[resource.kind];
  if (schema === undefined) return value(object);
  const parsed = schema.safeParse(object);
  if (parsed.success) return value(object);
  const causes = parsed.error.issues.map((issue) => causeOf(issue, object));
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  return fail(invalid(kind, object.metadata.name, [...causes, REST_UNCHECKED]));
}

function causeOf(issue: z.core.$ZodIssue, object: KubeObject): FailureCause {
  const field = issue.path.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path === '' ? String(key) : `${path}.${String(key)}`,
    '',
  );
  const given = issue.path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    object,
  );
  if (given === undefined) return { reason: 'FieldValueRequired', message: 'Required value', field };
  const expected = 'expected' in issue ? jsonType(String(issue.expected)) : 'valid';
  const had = jsonType(Array.isArray(given) ? 'array' : typeof given);
  const path = field.replace(/^status\./, '');
  const message = `Invalid value: "${had}": ${path} in body must be of type ${expected}: "${had}"`;
  return { reason: 'FieldValueTypeInvalid', message, field };
}

function jsonType(type: string): string {
  if (type === 'int') return 'integer';
  return type === 'record' ? 'object' : type;
}

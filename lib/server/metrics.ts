// What this process counts and measures while it works, for /metrics (docs/formats/metrics.md). Numbers and words of our own alone: no label ever carries a name, an
// address of a page, a project or anything that a stranger sent. Kept in globalThis: Next has a copy of this module of its own.
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';

export type RequestClass = 'index' | 'page' | 'api' | 'upload' | 'handoff' | 'live' | 'asset' | 'health';

type Meters = {
  registry: Registry;
  requests: Counter<'class' | 'status'>;
  seconds: Histogram<'class'>;
  uploadBytes: Counter;
  signatures: Counter<'result'>;
  verification: Histogram;
};

const key = Symbol.for('countersign.metrics');
const place = globalThis as { [key]?: Meters };

function makeMeters(): Meters {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: 'countersign_' });
  return {
    registry,
    requests: new Counter({
      ...{ name: 'countersign_http_requests_total', help: 'Answered requests', registers },
      labelNames: ['class', 'status'],
    }),
    seconds: new Histogram({
      ...{ name: 'countersign_http_seconds', help: 'Time to answer, without index pages and open streams', registers },
      labelNames: ['class'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60],
    }),
    uploadBytes: new Counter({ name: 'countersign_upload_bytes_total', help: 'Bytes of uploads received', registers }),
    signatures: new Counter({
      ...{
        name: 'countersign_signatures_total',
        help: 'Signature packets handed in, by what became of them',
        registers,
      },
      labelNames: ['result'],
    }),
    verification: new Histogram({
      ...{ name: 'countersign_verification_seconds', help: 'Time to verify what was handed in once', registers },
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60],
    }),
  };
}

const meters = (): Meters => (place[key] ??= makeMeters());

// Looking a counter up by its labels costs more than counting: an index page takes 20 µs.
const countersOf = new Map<string, Counter.Internal>();

/** One answered request. */
export function countRequest(of: RequestClass, status: number): void {
  const name = `${of} ${status}`;
  let counter = countersOf.get(name);
  if (counter === undefined) {
    counter = meters().requests.labels({ class: of, status: String(status) });
    countersOf.set(name, counter);
  }
  counter.inc();
}

/** How long its answer took; streams and waiting requests are left out by the caller. */
export const timeRequest = (of: RequestClass, seconds: number): void =>
  meters().seconds.observe({ class: of }, seconds);

export const countUploadBytes = (bytes: number): void => meters().uploadBytes.inc(bytes);

/** What became of each packet: `counted`, `already-there`, or the reason word of core. */
export function countSignatures(outcomes: readonly { result: string; reason: string | null }[]): void {
  for (const { result, reason } of outcomes) meters().signatures.inc({ result: reason ?? result });
}

/** Does the work and measures it, also where it fails. */
export async function timingVerification<T>(work: () => Promise<T>): Promise<T> {
  const end = meters().verification.startTimer();
  try {
    return await work();
  } finally {
    end();
  }
}

/** All of it in the text format of Prometheus. */
export const metricsText = (): Promise<string> => meters().registry.metrics();
export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

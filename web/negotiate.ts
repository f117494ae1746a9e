// Content negotiation for the index pages: which representation and which encoding a client asked for.
// Takes the raw `Accept` and `Accept-Encoding` headers, which are hostile: anything unreadable counts as not asked for.
// Refuses nothing by itself: no acceptable representation is `null`, and the caller answers 406.

export type Representation = { file: 'index.html' | 'index.json'; contentType: string };

const html = { file: 'index.html', contentType: 'text/html; charset=utf-8' } as const;
const htmlV1 = { file: 'index.html', contentType: 'application/vnd.pypi.simple.v1+html' } as const;
const json = { file: 'index.json', contentType: 'application/vnd.pypi.simple.v1+json' } as const;

// PEP 691, "Version + Format Selection": `latest` is answered with the concrete version.
// Order is our preference where a client gives two of them the same weight.
const offers: [string, Representation][] = [
  ['text/html', html],
  ['application/vnd.pypi.simple.v1+html', htmlV1],
  ['application/vnd.pypi.simple.latest+html', htmlV1],
  ['application/vnd.pypi.simple.v1+json', json],
  ['application/vnd.pypi.simple.latest+json', json],
];

const answersKept = 256;
const answers = new Map<string, Representation | null>();

/** The representation of an index page that an `Accept` header asks for, or null if we have none of those (PEP 691). */
export function chooseRepresentation(accept: string | undefined): Representation | null {
  if (accept === undefined || accept === '' || accept === '*/*') return html;
  const known = answers.get(accept);
  if (known !== undefined) return known;
  const chosen = weigh(accept);
  // Clients send a handful of spellings; a flood of invented ones only empties this list.
  if (answers.size >= answersKept) answers.clear();
  if (accept.length <= 1024) answers.set(accept, chosen);
  return chosen;
}

function weigh(accept: string): Representation | null {
  const ranges = readWeights(accept);
  let best: { weight: number; representation: Representation } | null = null;
  for (const [mediaType, representation] of offers) {
    const group = `${mediaType.slice(0, mediaType.indexOf('/'))}/*`;
    const weight = ranges.get(mediaType) ?? ranges.get(group) ?? ranges.get('*/*') ?? 0;
    if (weight > 0 && (best === null || weight > best.weight)) best = { weight, representation };
  }
  return best === null ? null : best.representation;
}

/** True if the client takes gzip (RFC 9110, 12.5.3); absent means it does not say, so it gets the plain bytes. */
export function takesGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  if (acceptEncoding.startsWith('gzip, ') && !acceptEncoding.includes(';')) return true;
  const weights = readWeights(acceptEncoding);
  return (weights.get('gzip') ?? weights.get('*') ?? 0) > 0;
}

/** Reads `a;q=0.5, b` (RFC 9110, 12.4.2) into weights; a weight that cannot be read is 0, which means "not this one". */
function readWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const part of header.split(',').slice(0, 32)) {
    const [name, ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
    if (name === undefined || name === '') continue;
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, quality === undefined ? 1 : readQuality(quality.slice(2)));
  }
  return weights;
}

function readQuality(text: string): number {
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}

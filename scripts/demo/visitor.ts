// A person without a script-running browser: follows links, fills in forms, keeps cookies. What a page offers to such a visitor is all
// that this can do, so the demo and the no-script tests see the pages as they are. Reads the HTML of our own pages only.

export type Upload = { name: string; bytes: Uint8Array };
export type Fields = Record<string, string | Upload | Upload[]>;
export type Page = { url: string; status: number; html: string };
type Form = { action: string | null; method: string; encType: string; html: string; fields: [string, string][] };

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#39': "'",
  nbsp: '\u00a0',
};
export const unescapeHtml = (text: string): string =>
  text.replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, (whole, name: string) => {
    const known = entities[name.toLowerCase()];
    if (known !== undefined) return known;
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
    return name.startsWith('#') && Number.isFinite(code) ? String.fromCodePoint(code) : whole;
  });

/** What a reader sees: text without tags, white space folded. */
export const readableText = (html: string): string =>
  unescapeHtml(
    html
      .replace(/<(script|style|template)\b[\s\S]*?<\/\1>/gi, ' ')
      .replace(/<!--[\s\S]*?-->/g, '')
      .replace(/<[^>]+>/g, ' '),
  )
    .replace(/\s+/g, ' ')
    .trim();

const attribute = (tag: string, name: string): string | null => {
  const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/>])`, 'i').exec(tag);
  return found ? unescapeHtml(found[1] ?? '') : null;
};

const elements = (html: string, name: string): { tag: string; inside: string }[] =>
  [...html.matchAll(new RegExp(`(<${name}\\b[^>]*>)([\\s\\S]*?)</${name}>`, 'gi'))].map(
    ([, tag = '', inside = '']) => ({ tag, inside }),
  );

function inputValue(tag: string): string | null {
  const type = attribute(tag, 'type') ?? 'text';
  if (['submit', 'button', 'file'].includes(type)) return null;
  const isTick = type === 'checkbox' || type === 'radio';
  if (isTick && attribute(tag, 'checked') === null) return null;
  return attribute(tag, 'value') ?? (isTick ? 'on' : '');
}

function selectValue(inside: string): string | null {
  const options = [...inside.matchAll(/<option\b[^>]*>/gi)].map(([tag]) => tag);
  const chosen = options.find((tag) => attribute(tag, 'selected') !== null) ?? options[0];
  return chosen === undefined ? null : (attribute(chosen, 'value') ?? '');
}

// What a browser would send if nobody touched the form.
function fieldsOf(html: string): [string, string][] {
  const all = [
    ...[...html.matchAll(/<input\b[^>]*>/gi)].map(([tag]) => ({ tag, value: inputValue(tag) })),
    ...elements(html, 'textarea').map(({ tag, inside }) => ({ tag, value: unescapeHtml(inside) })),
    ...elements(html, 'select').map(({ tag, inside }) => ({ tag, value: selectValue(inside) })),
  ];
  return all.flatMap(({ tag, value }) => {
    const name = attribute(tag, 'name');
    return name && value !== null ? [[name, value] as [string, string]] : [];
  });
}

/** The forms of a page, as a browser without script would send them. */
export function formsOf(page: Page): Form[] {
  return [...page.html.matchAll(/(<form\b[^>]*>)([\s\S]*?)<\/form>/gi)].map(([, open = '', html = '']) => ({
    action: attribute(open, 'action'),
    method: (attribute(open, 'method') ?? 'get').toLowerCase(),
    encType: (attribute(open, 'enctype') ?? 'application/x-www-form-urlencoded').toLowerCase(),
    html,
    fields: fieldsOf(html),
  }));
}

const buttonsOf = (form: Form): { label: string; tag: string }[] =>
  [...form.html.matchAll(/(<button\b[^>]*>)([\s\S]*?)<\/button>/gi)]
    .filter(([, tag = '']) => (attribute(tag, 'type') ?? 'submit') === 'submit')
    .map(([, tag = '', inside = '']) => ({ tag, label: readableText(inside) }));

/** The href of the first link with this text. */
export function linkOf(page: Page, label: string | RegExp): string {
  for (const [, open = '', inside = ''] of page.html.matchAll(/(<a\b[^>]*>)([\s\S]*?)<\/a>/gi)) {
    const text = readableText(inside);
    if (typeof label === 'string' ? text === label : label.test(text)) return attribute(open, 'href') ?? '';
  }
  throw new Error(`No link “${String(label)}” on ${page.url}. It says: ${readableText(page.html).slice(0, 600)}`);
}

function bodyOf(form: Form, button: string, fields: Fields): BodyInit {
  const values = form.fields.filter(([name]) => !(name in fields));
  const pressed = attribute(button, 'name');
  if (pressed) values.push([pressed, attribute(button, 'value') ?? '']);
  const isMultipart = form.encType === 'multipart/form-data';
  const body = isMultipart ? new FormData() : new URLSearchParams();
  for (const [name, value] of values) body.append(name, value);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') body.append(name, value);
    else if (body instanceof FormData)
      for (const { name: file, bytes } of [value].flat())
        body.append(name, new Blob([bytes as Uint8Array<ArrayBuffer>]), file);
  }
  return body;
}

export type Visitor = {
  get(address: string): Promise<Page>;
  bytes(address: string): Promise<Uint8Array>;
  /** Presses the button of the first form that has it. */
  submit(page: Page, button: string | RegExp, fields?: Fields): Promise<Page>;
  cookies: Map<string, string>;
};

/** A new visitor of the instance at `base`, without cookies. */
export function openVisitor(base: string): Visitor {
  const cookies = new Map<string, string>();

  async function request(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, base);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = {
      ...(cookie ? { cookie } : {}),
      ...(init.method === 'POST' ? { origin: url.origin } : {}),
      accept: 'text/html',
    };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const [name = '', ...value] = pair.split('=');
      if (/max-age=0(?:;|$)|expires=thu, 01 jan 1970/i.test(line)) cookies.delete(name);
      else cookies.set(name, value.join('='));
    }
    return response;
  }

  async function follow(address: string, init: RequestInit = {}): Promise<Page> {
    let url = new URL(address, base).href;
    let response = await request(url, init);
    for (let hops = 0; hops < 8 && [301, 302, 303, 307, 308].includes(response.status); hops += 1) {
      url = new URL(response.headers.get('location') ?? '/', url).href;
      response = await request(url);
    }
    return { url, status: response.status, html: await response.text() };
  }

  return {
    cookies,
    get: (address) => follow(address),
    bytes: async (address) => new Uint8Array(await (await request(address)).arrayBuffer()),
    submit: async (page, button, fields = {}) => {
      const fits = (label: string) => (typeof button === 'string' ? label === button : button.test(label));
      for (const form of formsOf(page)) {
        const found = buttonsOf(form).find(({ label }) => fits(label));
        if (!found) continue;
        const target = new URL(attribute(found.tag, 'formaction') ?? form.action ?? page.url, page.url);
        const body = bodyOf(form, found.tag, fields);
        if (form.method === 'post') return follow(target.href, { method: 'POST', body });
        target.search = String(body);
        return follow(target.href);
      }
      const offered = formsOf(page).flatMap((form) => buttonsOf(form).map(({ label }) => label));
      throw new Error(
        `No button “${String(button)}” on ${page.url}; it offers: ${offered.join(' | ') || 'none'}. It says: ${readableText(page.html).slice(0, 600)}`,
      );
    },
  };
}

// A key server as the operator names it in KEY_SERVERS. The scheme says what it speaks, as GnuPG has it: hkp:// and hkps:// for HKP,
// http:// and https:// for VKS (the interface of keys.openpgp.org). Nothing else is ever asked for keys. Refuses what it cannot read.

export type KeyServer = {
  /** As the operator wrote it: what people are shown. */
  name: string;
  protocol: 'vks' | 'hkp';
  /** http(s) address without a slash at its end. */
  base: string;
};

const schemes: Readonly<Record<string, { protocol: KeyServer['protocol']; over: string; port: string }>> = {
  'http:': { protocol: 'vks', over: 'http:', port: '' },
  'https:': { protocol: 'vks', over: 'https:', port: '' },
  // draft-gallagher-openpgp-hkp: HKP without TLS has a port of its own.
  'hkp:': { protocol: 'hkp', over: 'http:', port: '11371' },
  'hkps:': { protocol: 'hkp', over: 'https:', port: '' },
};

/** The key server, or null where the text names none (other scheme; user, query or fragment in it). */
export function readKeyServer(text: string): KeyServer | null {
  const name = text.replace(/\/+$/, '');
  const scheme = schemes[/^[a-z]+:(?=\/\/)/.exec(name)?.[0] ?? ''];
  if (!scheme || /[?#@\\\s]/.test(name)) return null;
  const address = `${scheme.over}${name.slice(name.indexOf('//'))}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const hasPort = /:\d+$/.test(name.split('/')[2] ?? '');
  if (!hasPort && scheme.port !== '') url.port = scheme.port;
  return { name, protocol: scheme.protocol, base: url.href.replace(/\/+$/, '') };
}

/** Where the server has one certificate, by the full fingerprint of its primary key. */
export function addressOfKey({ protocol, base }: KeyServer, fingerprint: string): URL {
  const path =
    protocol === 'vks'
      ? `/vks/v1/by-fingerprint/${fingerprint}`
      : `/pks/lookup?op=get&options=mr&search=0x${fingerprint}`;
  return new URL(`${base}${path}`);
}

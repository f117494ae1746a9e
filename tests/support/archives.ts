// Archives byte by byte, honest and hostile: small raw writers for zip and tar that let a test set any field wrong. They
// check nothing on purpose. Used by tests/python; `wheelFiles` and `sdistFiles` give the content of a good distribution.
import { createHash } from 'node:crypto';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

export type ZipFile = {
  path: string | Buffer;
  content?: string | Buffer;
  method?: number;
  flags?: number;
  mode?: number;
  needed?: number;
  crc?: number;
  bytes?: number;
  localPath?: string;
  localCrc?: number;
  localBytes?: number;
  localFlags?: number;
  extra?: Buffer;
  localExtra?: Buffer;
  comment?: string;
  /** Raw packed bytes instead of the deflated content. */
  packed?: Buffer;
  /** What stands behind the data: a data descriptor, or a gap. */
  after?: Buffer;
};
export type ZipOptions = {
  before?: Buffer;
  after?: Buffer;
  comment?: string;
  count?: number;
  beforeDirectory?: Buffer;
};

const u16 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from(Uint16Array.of(value).buffer)));
const u32 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.from(Uint32Array.of(value).buffer)));

/** A zip file with exactly these members, in this order. */
export function makeZip(files: readonly ZipFile[], options: ZipOptions = {}): Buffer {
  const before = options.before ?? Buffer.alloc(0);
  const locals: Buffer[] = [before];
  const central: Buffer[] = [];
  let offset = before.length;
  for (const file of files) {
    const { local, directory } = makeMember(file, offset);
    locals.push(local);
    central.push(directory);
    offset += local.length;
  }
  const gap = options.beforeDirectory ?? Buffer.alloc(0);
  const directory = Buffer.concat(central);
  const comment = Buffer.from(options.comment ?? '');
  const count = options.count ?? files.length;
  const end = [
    u32(0x06054b50),
    u16(0, 0, count, count),
    u32(directory.length, offset + gap.length),
    u16(comment.length),
    comment,
  ];
  return Buffer.concat([...locals, gap, directory, ...end, options.after ?? Buffer.alloc(0)]);
}

function makeMember(given: ZipFile, offset: number): { local: Buffer; directory: Buffer } {
  const content = Buffer.from(given.content ?? '');
  const none = Buffer.alloc(0);
  const file = {
    method: 8,
    flags: 0,
    needed: 20,
    mode: 0o100644,
    crc: crc32(content),
    bytes: content.length,
    extra: none,
    localExtra: none,
    after: none,
    comment: '',
    ...given,
  };
  const told = { localPath: file.path, localCrc: file.crc, localBytes: file.bytes, localFlags: file.flags, ...given };
  const packed = given.packed ?? (file.method === 8 ? deflateRawSync(content) : content);
  const name = Buffer.from(file.path);
  const localName = Buffer.from(told.localPath);
  const isLater = (file.flags & 8) !== 0;
  const sizes = isLater ? u32(0, 0, 0) : u32(told.localCrc, packed.length, told.localBytes);
  const local = [
    u32(0x04034b50),
    u16(20, told.localFlags, file.method, 0, 0x21),
    sizes,
    u16(localName.length, file.localExtra.length),
    ...[localName, file.localExtra, packed, file.after],
  ];
  const directory = [
    u32(0x02014b50),
    u16(0x0314, file.needed, file.flags, file.method, 0, 0x21),
    u32(file.crc, packed.length, file.bytes),
    u16(name.length, file.extra.length, Buffer.byteLength(file.comment), 0, 0),
    u32(file.mode * 0x10000, offset),
    ...[name, file.extra, Buffer.from(file.comment)],
  ];
  return { local: Buffer.concat(local), directory: Buffer.concat(directory) };
}

/** A data descriptor (APPNOTE 4.3.9) for content deflated by `makeZip`. */
export function makeDescriptor(content: string, crc = crc32(content)): Buffer {
  return u32(0x08074b50, crc, deflateRawSync(Buffer.from(content)).length, Buffer.byteLength(content));
}

export const metadataText = (over: { name?: string; version?: string; more?: string } = {}) =>
  `Metadata-Version: 2.1\nName: ${over.name ?? 'demo'}\nVersion: ${over.version ?? '1.0'}\nRequires-Python: >=3.9\n${over.more ?? ''}\nHello.\n`;

const wheelText = 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

/** `sha256=…,size` as RECORD writes it. */
export const recordOf = (content: string | Buffer) =>
  `sha256=${createHash('sha256').update(content).digest('base64url')},${Buffer.byteLength(content)}`;

export type WheelParts = {
  files?: Record<string, string>;
  info?: string;
  metadata?: string;
  wheel?: string;
  record?: (rows: string[]) => string[];
};

/** The members of a good wheel `demo-1.0-py3-none-any.whl`, RECORD last; each part can be replaced. */
export function wheelFiles(parts: WheelParts = {}): { path: string; content: string }[] {
  const info = parts.info ?? 'demo-1.0.dist-info';
  const files = Object.entries({
    ...(parts.files ?? { 'demo/__init__.py': 'x = 1\n' }),
    [`${info}/METADATA`]: parts.metadata ?? metadataText(),
    [`${info}/WHEEL`]: parts.wheel ?? wheelText,
  }).map(([path, content]) => ({ path, content }));
  const rows = [...files.map(({ path, content }) => `${path},${recordOf(content)}`), `${info}/RECORD,,`];
  return [...files, { path: `${info}/RECORD`, content: `${(parts.record ?? ((all) => all))(rows).join('\n')}\n` }];
}

export type TarFile = {
  path: string;
  content?: string | Buffer;
  type?: string;
  target?: string;
  size?: number;
  sizeField?: string;
  prefix?: string;
  magic?: string;
};

/** One header block and its content, padded. */
export function makeTarMember(file: TarFile): Buffer {
  const content = Buffer.from(file.content ?? '');
  const block = Buffer.alloc(512);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(file.path, 0, 100);
  block.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8), 100, 'latin1');
  block.write(file.sizeField ?? octal(file.size ?? content.length, 12), 124, 12, 'latin1');
  block.write(octal(0, 12), 136, 'latin1');
  block.write(file.type ?? '0', 156, 'latin1');
  block.write(file.target ?? '', 157, 100);
  block.write(file.magic ?? 'ustar\x0000', 257, 'latin1');
  block.write(file.prefix ?? '', 345, 155);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([block, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** The body of a pax header. */
export function makePax(records: readonly [string, string][]): string {
  return records
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      const bytes = Buffer.byteLength(rest);
      const length = bytes + String(bytes + String(bytes).length).length;
      return `${length}${rest}`;
    })
    .join('');
}

export const tarEnd = Buffer.alloc(1024);

/** A tar archive with its end. */
export const makeTar = (files: readonly TarFile[], end: Buffer = tarEnd) =>
  Buffer.concat([...files.map(makeTarMember), end]);

/** A tar.gz, one gzip member. */
export const makeTarGzip = (files: readonly TarFile[], end?: Buffer) => gzipSync(makeTar(files, end));

/** The members of a good sdist `demo-1.0.tar.gz`; further members come last. */
export function sdistFiles(more: readonly TarFile[] = [], metadata: string = metadataText()): TarFile[] {
  return [
    { path: 'demo-1.0/', type: '5' },
    { path: 'demo-1.0/PKG-INFO', content: metadata },
    { path: 'demo-1.0/pyproject.toml', content: '[build-system]\nrequires = []\n' },
    { path: 'demo-1.0/demo/__init__.py', content: 'x = 1\n' },
    ...more,
  ];
}

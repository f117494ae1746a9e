// A QR code as SVG, drawn on the server: one path, no style, no script, no picture from elsewhere. Black on white in both themes, with the
// quiet border of four modules, because cameras need it.

import { create } from 'qrcode';

const border = 4;

export function QrCode({ text, label }: { text: string; label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 2 * border;
  return (
    <svg className="qr-code" viewBox={`0 0 ${side} ${side}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <rect width={side} height={side} fill="#fff" />
      <path d={squaresOf(modules)} fill="#000" />
    </svg>
  );
}

function squaresOf({ size, data }: { size: number; data: Uint8Array }): string {
  return [...data.keys()]
    .filter((at) => data[at])
    .map((at) => `M${(at % size) + border} ${Math.floor(at / size) + border}h1v1h-1z`)
    .join('');
}

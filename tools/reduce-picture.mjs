// Makes pictures of pages small: at most 256 colours, which a page needs apart from photos. usage: reduce-picture.mjs FILE.png...
// Reads what Chromium and pdftoppm write: eight bits a sample, grey, RGB or RGBA (its opacity is left out), not interlaced.
import { readFileSync, writeFileSync } from 'node:fs'
import { deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const samplesOf = { 0: 1, 2: 3, 6: 4 }

const crcTable = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

function crcOf(bytes) {
  let value = -1
  for (const byte of bytes) value = crcTable[(value ^ byte) & 255] ^ (value >>> 8)
  return (value ^ -1) >>> 0
}

function chunk(kind, content) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), content])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(content.length, 0)
  body.copy(whole, 4)
  whole.writeUInt32BE(crcOf(body), body.length + 4)
  return whole
}

// Undoes the five filters of RFC 2083, section 6.
function unfilter(rows, height, stride, step) {
  const out = Buffer.alloc(height * stride)
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]
    for (let x = 0; x < stride; x++) {
      const left = x < step ? 0 : out[y * stride + x - step]
      const up = y === 0 ? 0 : out[(y - 1) * stride + x]
      const corner = x < step || y === 0 ? 0 : out[(y - 1) * stride + x - step]
      const [byLeft, byUp, byCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
      const nearest = byLeft <= byUp && byLeft <= byCorner ? left : byUp <= byCorner ? up : corner
      out[y * stride + x] = rows[y * (stride + 1) + 1 + x] + [0, left, up, (left + up) >> 1, nearest][filter]
    }
  }
  return out
}

function readPicture(file) {
  let width, height, samples
  const parts = []
  for (let place = signature.length; place < file.length; place += file.readUInt32BE(place) + 12) {
    const kind = file.toString('latin1', place + 4, place + 8)
    const content = file.subarray(place + 8, place + 8 + file.readUInt32BE(place))
    if (kind === 'IHDR') {
      width = content.readUInt32BE(0)
      height = content.readUInt32BE(4)
      samples = samplesOf[content[9]]
      if (content[8] !== 8 || !samples || content[12] !== 0) throw new Error('is no picture of this kind')
    }
    if (kind === 'IDAT') parts.push(content)
  }
  return { width, height, samples, pixels: unfilter(inflateSync(Buffer.concat(parts)), height, width * samples, samples) }
}

function distance(one, other) {
  return ((one >> 16) - (other >> 16)) ** 2 + (((one >> 8) & 255) - ((other >> 8) & 255)) ** 2 + ((one & 255) - (other & 255)) ** 2
}

// The 256 colours that occur most; of those that are nearly the same, the commonest alone.
function choosePalette(colours) {
  const counts = new Map()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const common = [...counts.entries()].sort((one, other) => other[1] - one[1]).map(([colour]) => colour)
  for (let near = 16; ; near *= 2) {
    const palette = []
    for (const colour of common) {
      if (palette.every((chosen) => distance(chosen, colour) >= near)) palette.push(colour)
      if (palette.length > 256) break
    }
    if (palette.length <= 256) return { palette, common }
  }
}

function reduce(file) {
  const { width, height, samples, pixels } = readPicture(file)
  const colours = new Int32Array(width * height)
  for (let n = 0; n < colours.length; n++) {
    const [red, green, blue] = samples === 1 ? [0, 0, 0] : [0, 1, 2]
    colours[n] = (pixels[n * samples + red] << 16) | (pixels[n * samples + green] << 8) | pixels[n * samples + blue]
  }
  const { palette, common } = choosePalette(colours)
  const nearest = new Map(common.map((colour) => {
    let best = 0
    for (let n = 1; n < palette.length; n++) if (distance(palette[n], colour) < distance(palette[best], colour)) best = n
    return [colour, best]
  }))
  const rows = Buffer.alloc(height * (width + 1))
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest.get(colours[y * width + x])
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
  return Buffer.concat([signature, chunk('IHDR', head), chunk('PLTE', table), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))])
}

for (const name of process.argv.slice(2)) {
  const before = readFileSync(name)
  const after = reduce(before)
  if (after.length < before.length) writeFileSync(name, after)
}

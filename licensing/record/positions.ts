import { DamagedRecord } from "./damaged-record";

/**
 * Packs positions in a list as ranges (`0-616`, `3,7,12-19`), which are readable; if that is longer, as a bit set
 * in base64 after `#`.
 *
 * @param places from 0, ascending, without duplicates
 * @param of length of the list
 */
export function packPositions(places: readonly number[], of: number): string {
  const ranges = rangesOf(places);
  const bits = Buffer.alloc(Math.ceil(of / 8));
  for (const place of places) bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
  const text = `#${bits.toString("base64")}`;
  return ranges.length <= text.length ? ranges : text;
}

/** @throws DamagedRecord if `packPositions` did not write the text for a list of this length */
export function unpackPositions(packed: string, of: number): readonly number[] {
  const places = packed.startsWith("#") ? placesInBits(packed.slice(1)) : placesInRanges(packed);
  const isWhole = places.every((place, index) => place < of && place > (places[index - 1] ?? -1));
  // Each set has exactly one packed form. Any other text was not written by `packPositions`.
  if (!isWhole || packPositions(places, of) !== packed)
    throw new DamagedRecord("places in a list of users make no sense");
  return places;
}

function rangesOf(places: readonly number[]): string {
  const ranges: string[] = [];
  for (let at = 0; at < places.length;) {
    const first = places[at] ?? 0;
    let last = first;
    for (at += 1; places[at] === last + 1; at += 1) last += 1;
    ranges.push(first === last ? `${first}` : `${first}-${last}`);
  }
  return ranges.join();
}

function placesInRanges(packed: string): readonly number[] {
  if (packed === "") return [];
  return packed.split(",").flatMap((range) => {
    const [, first = "", last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(range) ?? [];
    if (first === "") throw new DamagedRecord("places in a list of users cannot be read");
    return Array.from({ length: Math.max(0, Number(last) - Number(first) + 1) }, (_, index) => Number(first) + index);
  });
}

function placesInBits(base64: string): readonly number[] {
  const places: number[] = [];
  for (const [index, byte] of Buffer.from(base64, "base64").entries()) {
    for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) places.push(8 * index + bit);
  }
  return places;
}

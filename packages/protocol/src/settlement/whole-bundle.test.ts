import { beforeAll, expect, test } from 'vitest'
import { erase } from '../../test/forge.ts'
import { SimulatedCampaign } from '../../test/simulated-campaign.ts'
import { documentCid } from '../bytes/canonical.ts'
import type { Hex } from '../bytes/hex.ts'
import { decodeBundle, encodeBundle } from './bundle.ts'
import { readCar, writeCar } from './car.ts'
import { whatIsNotWhole } from './whole-bundle.ts'

let car: Uint8Array
let digest: Hex
beforeAll(() => {
  const campaign = new SimulatedCampaign({ items: 3 })
  campaign.answerAll()
  campaign.cut({ closing: true })
  car = campaign.bundles()[0]!
  digest = campaign.facts().headers[0]!.bundle
})

/** The file without some of its blocks. */
function without(isDropped: (name: Hex) => boolean): Uint8Array {
  const { root, blocks } = readCar(car)
  const kept = [...blocks].filter(([name]) => !isDropped(name))
  const written = kept.map(([name, bytes]) => ({ cid: documentCid(name), bytes }))
  return writeCar(documentCid(digest), [{ cid: documentCid(digest), bytes: root! }, ...written])
}

test('what was anchored is whole, with payloads erased or not', () => {
  expect(whatIsNotWhole(car, digest)).toBeNull()
  const { evidence } = decodeBundle(car)
  erase(evidence)
  expect(whatIsNotWhole(encodeBundle(evidence).car, digest)).toBeNull()
})

test('other bytes, and none, are told apart from the bundle', () => {
  expect(whatIsNotWhole(new Uint8Array([1, 2, 3]), digest)).toBe('It is not a CAR file')
  expect(whatIsNotWhole(car, `0x${'00'.repeat(32)}`)).toBe('It is not what was anchored')
})

test('one changed byte of a payload is found', () => {
  const changed = car.slice()
  changed[changed.length - 5]! ^= 1
  expect(whatIsNotWhole(changed, digest)).toMatch(/^The block 0x[0-9a-f]{64} does not hash to its name$/)
})

test('a part that was kept back is missed', () => {
  const { evidence } = decodeBundle(car)
  const payloads = new Set(evidence.payloads.keys())
  const first = [...readCar(car).blocks.keys()].find((name) => !payloads.has(name))!
  expect(
    whatIsNotWhole(
      without((name) => name === first),
      digest,
    ),
  ).toMatch(/^The block "\w+" is missing$/)
  expect(
    whatIsNotWhole(
      without(() => false),
      digest,
    ),
  ).toBeNull()
})

declare module 'secp256k1' {
  const secp256k1: {
    privateKeyVerify(privateKey: Uint8Array): boolean
    publicKeyCreate(privateKey: Uint8Array, compressed: boolean): Uint8Array
    ecdsaSign(digest: Uint8Array, privateKey: Uint8Array): { signature: Uint8Array; recid: number }
    ecdsaRecover(signature: Uint8Array, recid: number, digest: Uint8Array, compressed: boolean): Uint8Array
  }
  export default secp256k1
}

const SHAPES = ['circle', 'square', 'triangle'] as const
const SIDE = 240

/** A dozen drawn shapes, so that an image campaign can be tried without any images at hand. */
export async function sampleImages(): Promise<File[]> {
  return await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const shape = SHAPES[index % SHAPES.length]!
      return new File([await draw(shape, index)], `${shape}-${index + 1}.png`, { type: 'image/png' })
    }),
  )
}

async function draw(shape: (typeof SHAPES)[number], index: number): Promise<Blob> {
  const canvas = document.createElement('canvas')
  canvas.width = SIDE
  canvas.height = SIDE
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('This browser draws no canvas')
  context.fillStyle = `hsl(${(index * 47) % 360} 30% 94%)`
  context.fillRect(0, 0, SIDE, SIDE)
  context.fillStyle = `hsl(${(index * 47 + 160) % 360} 55% 45%)`
  const size = 50 + ((index * 13) % 40)
  context.translate(SIDE / 2 + ((index * 17) % 40) - 20, SIDE / 2 + ((index * 29) % 40) - 20)
  context.rotate((index * 31) / 57)
  context.beginPath()
  if (shape === 'circle') context.arc(0, 0, size, 0, 2 * Math.PI)
  if (shape === 'square') context.rect(-size, -size, 2 * size, 2 * size)
  if (shape === 'triangle') {
    context.moveTo(0, -size)
    context.lineTo(size, size * 0.8)
    context.lineTo(-size, size * 0.8)
    context.closePath()
  }
  context.fill()
  return await new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('No image came out')) : resolve(blob)),
      'image/png',
    )
  })
}

import { choicesConfig } from '@tagger/sdk'
import { t } from '../../lib/messages.ts'

/** What a campaign of this kind starts from. */
export interface Template {
  id: 'sentiment' | 'categories' | 'image' | 'product' | 'collectText' | 'collectImage'
  kind: 'annotate' | 'collect'
  modality: 'text' | 'image'
  /** Data keys the question shows, each to be matched with a column. */
  keys: readonly string[]
  title: string
  question: string
  labels: readonly string[]
  instructions: string
  /** Seconds one answer takes, for the forecast. */
  secondsPerRecord: number
  sample: string | null
}

const names = t.studio.template

/** The templates of the studio. */
export const TEMPLATES: readonly Template[] = [
  {
    id: 'sentiment',
    kind: 'annotate',
    modality: 'text',
    keys: ['text'],
    title: names.sentiment.title,
    question: 'How does the writer feel about it?',
    labels: ['Positive', 'Neutral', 'Negative'],
    instructions:
      'Judge the feeling of the writer, not your own.\nIrony counts as what is meant.\nIf good and bad are balanced, choose Neutral.',
    secondsPerRecord: 5,
    sample:
      'text,known\n"The delivery came a day early and the box was perfect.",Positive\n"It works. Nothing more to say.",\n"Third lamp that broke within a week, never again.",Negative\n"The colour is a bit darker than in the picture, otherwise fine.",\n"I cook with it every evening and love the handle.",\n"Support answered after nine days with a link to the manual.",\n"Arrived on Tuesday in a blue bag.",Neutral\n"Great sound, but the app loses the connection twice a day.",\n"My daughter will not take it off, best gift this year.",\n"The zipper jams unless you hold the bag at an angle.",\n',
  },
  {
    id: 'categories',
    kind: 'annotate',
    modality: 'text',
    keys: ['text'],
    title: names.categories.title,
    question: 'What is this about?',
    labels: ['Billing', 'Delivery', 'Technical', 'Other'],
    instructions:
      'Choose the topic the writer wants solved.\nIf there are several, choose the first one named.',
    secondsPerRecord: 7,
    sample:
      'text,known\n"I was charged twice for the June invoice.",Billing\n"The parcel says delivered, but the porch is empty.",Delivery\n"After the update the screen stays black.",Technical\n"Do you also have this shop in Porto?",\n"Can I pay by bank transfer instead of by card?",\n"The courier left it with a neighbour I do not know.",\n"Where do I find the serial number?",\n"Password reset mails never arrive.",\n',
  },
  {
    id: 'image',
    kind: 'annotate',
    modality: 'image',
    keys: ['image'],
    title: names.image.title,
    question: 'What is in the picture?',
    labels: ['Circle', 'Square', 'Triangle'],
    instructions: 'Choose what the picture shows. Zoom in when it is small.',
    secondsPerRecord: 4,
    sample: null,
  },
  {
    id: 'product',
    kind: 'annotate',
    modality: 'text',
    keys: ['left', 'right'],
    title: names.product.title,
    question: 'Do both describe the same product?',
    labels: ['Same', 'Different'],
    instructions:
      'Same means: a buyer could get either one and not notice.\nAnother size, color or edition is different.',
    secondsPerRecord: 9,
    sample:
      'left,right,known\n"Aurora desk lamp, black, 40 cm","AURORA LED table lamp 40cm (black)",Same\n"Nimbus kettle 1.7 l steel","Nimbus kettle 1.2 l steel",Different\n"Trail socks, grey, 3 pairs","Grey trail sock, pack of three",\n"Atlas globe, 30 cm, lit","Atlas globe 30cm unlit",\n"Oak shelf Malmo 80","Shelf MALMO, oak, 80 cm wide",\n"Violin rosin dark","Violin rosin light",\n',
  },
  {
    id: 'collectText',
    kind: 'collect',
    modality: 'text',
    keys: [],
    title: names.collectText.title,
    question: '',
    labels: [],
    instructions:
      'Send a short text of your own, two to five sentences, about something you bought lately.\nNo names, no addresses, nothing copied.',
    secondsPerRecord: 60,
    sample: null,
  },
  {
    id: 'collectImage',
    kind: 'collect',
    modality: 'image',
    keys: [],
    title: names.collectImage.title,
    question: '',
    labels: [],
    instructions:
      'Send a photo you took yourself of a street sign in daylight.\nNo people, no license plates.',
    secondsPerRecord: 45,
    sample: null,
  },
]

/** The labeling config of one question over these columns. */
export function configFor(input: {
  modality: 'text' | 'image'
  columns: readonly string[]
  question: string
  labels: readonly string[]
}): string {
  const { modality, columns, question, labels } = input
  const base = choicesConfig({ question, labels, modality, show: columns[0] })
  const more = columns
    .slice(1)
    .map((column) => `  <Text name="${nameOf(column)}" value="$${escapeXml(column)}"/>`)
  return more.length === 0 ? base : base.replace('\n  <Header', `\n${more.join('\n')}\n  <Header`)
}

function nameOf(column: string): string {
  return `item-${escapeXml(column).replace(/[^\w-]+/g, '-')}`
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

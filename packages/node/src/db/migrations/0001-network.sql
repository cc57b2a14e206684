-- One schema for PGlite and PostgreSQL >= 15. Hashes, accounts and keys are 0x-hex text, amounts numeric(78,0),
-- times of this node timestamptz, times of protocol and chain bigint seconds.

-- chain: the indexer's raw log and what folds from it --------------------------------------------------------------

create table chain_blocks (
  number bigint primary key,
  hash text not null,
  parent text not null,
  time bigint not null
);

create table chain_events (
  block_number bigint not null references chain_blocks (number) on delete cascade,
  log_index integer not null,
  transaction_hash text not null,
  contract text not null,
  name text not null,
  campaign_id text,
  -- Passport, offer or license the event is about: `passport:1`, `offer:0x…`, `license:1`.
  subject text,
  args jsonb not null,
  primary key (block_number, log_index)
);
create index chain_events_by_campaign on chain_events (campaign_id, block_number, log_index);
create index chain_events_by_subject on chain_events (subject, block_number, log_index);

create table outbox (
  id text primary key, -- derived from content: sending the same thing twice is one row
  purpose text not null,
  contract text not null,
  data text not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'mined', 'failed')),
  nonce bigint,
  transaction_hash text,
  -- Signed transaction, kept before it is sent; hashes of those it replaces.
  raw text,
  earlier_hashes text[] not null default '{}',
  block_number bigint, -- once mined
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now()
);
create index outbox_open on outbox (created_at, id) where state in ('waiting', 'sent');

-- What a person must look at: a ledger that differs from the chain, a batch that does not verify.
create table alarms (
  id text primary key,
  message text not null,
  raised_at timestamptz not null
);

create table activity (
  id text primary key,
  time timestamptz not null,
  type text not null,
  campaign_id text,
  data jsonb not null
);
create index activity_by_time on activity (time desc);

-- identity ---------------------------------------------------------------------------------------------------------

create table login_challenges (
  nonce text primary key,
  account text not null,
  message text not null, -- what has to come back signed, to the byte
  expires_at timestamptz not null
);
create index login_challenges_by_expiry on login_challenges (expires_at);

create table logins (
  token_hash text primary key,
  account text not null,
  expires_at timestamptz not null
);

create table session_keys (
  account text not null,
  public_key text not null,
  scope text not null,
  not_before bigint not null,
  not_after bigint not null,
  nonce numeric(78, 0) not null,
  signature text not null,
  primary key (account, public_key)
);

-- campaigns --------------------------------------------------------------------------------------------------------

create table drafts (
  id text primary key,
  account text not null,
  spec jsonb not null,
  next_position integer not null default 0, -- of the next item
  created_at timestamptz not null default now()
);

-- Terms the operator accepted; one draft may be quoted several times, one of them is opened.
create table acceptances (
  campaign_id text primary key,
  draft_id text not null references drafts (id),
  spec_hash text not null,
  spec bytea not null,
  terms jsonb not null,
  signature text not null,
  created_at timestamptz not null default now()
);

create table campaigns (
  id text primary key,
  draft_id text not null references drafts (id),
  kind text not null check (kind in ('collect', 'annotate')),
  requester text not null,
  terms jsonb not null,
  spec_hash text not null,
  spec bytea not null,
  title text not null,
  -- Folded from chain events:
  status text not null check (status in ('open', 'closing', 'closed')),
  funded numeric(78, 0) not null,
  payouts_total numeric(78, 0) not null default 0, -- of the last final batch
  claimed numeric(78, 0) not null default 0,
  fees_paid numeric(78, 0) not null default 0,
  refunded numeric(78, 0) not null default 0,
  final_count integer not null default 0,
  last_final text,
  opened_at bigint not null,
  open_transaction text not null
);
create index campaigns_by_status on campaigns (status, opened_at desc);

-- collect: items and their bytes -------------------------------------------------------------------------------------

create table items (
  draft_id text not null references drafts (id),
  id text not null, -- SHA-256 of the encrypted bytes
  position integer not null,
  media_type text not null,
  bytes integer not null,
  name text not null,
  -- Encrypted content (iv ‖ cipher ‖ tag); null when it is in the blob store under `id`.
  sealed bytea,
  -- Data key under the node's key; erasing it erases the item.
  wrapped_key bytea,
  content_hmac text not null,
  -- Columns of a row of a file, sorted; null for a text or an image, whose key is the labeling config's.
  columns jsonb,
  gold_label text,
  gold_salt text,
  -- Contributor of a collected item.
  source text,
  added_at timestamptz not null default now(),
  -- Scheduling: waiting (no answer yet) | open | review | ready | batched | settled | unfinished (submission without a record)
  status text not null default 'waiting',
  annotations integer not null default 0,
  reviews integer not null default 0,
  leases integer not null default 0, -- running ones
  wanted integer, -- answers asked for so far; null is the spec's least
  proposed text, -- label put before reviewers
  primary key (draft_id, id),
  unique (draft_id, content_hmac)
);
-- Nearest to complete first; ids are hashes of encrypted bytes, so that order tells nothing about gold.
create index items_offered on items (draft_id, (annotations + leases) desc, id) where status in ('waiting', 'open');
create index items_by_status on items (draft_id, status, position) where status not in ('waiting', 'open');

-- assign ------------------------------------------------------------------------------------------------------------

create table assignments (
  id text primary key,
  campaign_id text not null references campaigns (id),
  item text not null,
  account text not null,
  kind text not null check (kind in ('annotation', 'review')),
  state text not null check (state in ('leased', 'done', 'released', 'expired')),
  leased_at timestamptz not null,
  expires_at timestamptz not null
);
-- No worker gets an item twice, whatever the kind: nobody reviews their own answer.
create unique index assignments_once on assignments (campaign_id, account, item) where state in ('leased', 'done');
create index assignments_given_back on assignments (campaign_id, account, item)
  where state in ('released', 'expired');
create index assignments_leased on assignments (campaign_id, expires_at) where state = 'leased';

-- annotate: chains, records, receipts -----------------------------------------------------------------------------

create table chains (
  campaign_id text not null references campaigns (id),
  account text not null,
  count integer not null,
  link text not null,
  public_key text not null,
  signature text not null,
  owed_at_least numeric(78, 0) not null,
  primary key (campaign_id, account)
);

create table records (
  campaign_id text not null references campaigns (id),
  account text not null,
  seq integer not null,
  kind text not null check (kind in ('submission', 'annotation', 'review')),
  item text not null,
  label text, -- null for a rejection and a submission
  payload bytea, -- null once erased
  payload_hash text not null,
  link text not null,
  revises integer,
  -- Replaced by a later record of the same worker, item and kind.
  is_replaced boolean not null default false,
  received_at timestamptz not null,
  seconds integer not null, -- endedAt - startedAt as the worker said
  batch text, -- hash of the batch that settles it
  primary key (campaign_id, account, seq)
);
create index records_by_item on records (campaign_id, item, account);
create index records_by_account on records (account, received_at desc);

create table receipts (
  campaign_id text not null,
  account text not null,
  count integer not null,
  link text not null,
  public_key text not null, -- of the signed head it answers
  head_signature text not null,
  owed_at_least numeric(78, 0) not null,
  issued_at bigint not null,
  signature text not null,
  primary key (campaign_id, account, count)
);

-- settle ------------------------------------------------------------------------------------------------------------

create table batches (
  hash text primary key,
  campaign_id text not null references campaigns (id),
  batch_index integer not null,
  header jsonb not null,
  -- cut here, not on chain yet | proposed | final | void
  status text not null check (status in ('cut', 'proposed', 'final', 'void')),
  -- The status that items and records follow already; the settlement job closes the gap.
  followed_status text not null default 'cut',
  bundle text not null, -- blob name (SHA-256 of the CAR file)
  bundle_bytes integer not null,
  state bytea not null, -- canonical bytes of the state after it
  items integer not null,
  records integer not null,
  cut_at bigint not null,
  final_at bigint, -- earliest, from the proposal's event
  propose_transaction text,
  finalize_transaction text,
  created_at timestamptz not null default now()
);
create index batches_by_campaign on batches (campaign_id, batch_index);

create table results (
  campaign_id text not null,
  item text not null,
  batch text not null references batches (hash) on delete cascade,
  label text not null,
  confidence integer not null,
  distribution jsonb not null,
  status text not null,
  annotations integer not null,
  reviews integer not null,
  primary key (campaign_id, item, batch)
);

create table scores (
  campaign_id text not null,
  account text not null,
  seq integer not null,
  batch text not null references batches (hash) on delete cascade,
  quality integer not null,
  difficulty integer not null,
  micro numeric(78, 0) not null,
  primary key (campaign_id, account, seq, batch)
);

create table payouts (
  campaign_id text not null,
  batch text not null references batches (hash) on delete cascade,
  account text not null,
  amount numeric(78, 0) not null, -- cumulative
  primary key (batch, account)
);

create table claims (
  campaign_id text not null,
  account text not null,
  batch text not null,
  amount numeric(78, 0) not null,
  transaction_hash text not null,
  block_number bigint not null,
  log_index integer not null,
  primary key (block_number, log_index)
);
create index claims_by_account on claims (account, campaign_id);

-- trade --------------------------------------------------------------------------------------------------------------

create table datasets (
  id text primary key,
  campaign_id text not null references campaigns (id),
  batch text not null, -- the final batch it was made at, its passport's source
  owner text not null,
  title text not null,
  description text not null,
  modality text not null,
  license text not null,
  languages jsonb not null,
  tags jsonb not null,
  manifest text not null, -- Croissant, the very bytes its CID names
  mint jsonb not null, -- what Passports.mint needs
  content_root text not null unique,
  content_key bytea not null, -- under the node's key
  bytes integer not null,
  items integer not null,
  records integer not null,
  contributors integer not null,
  mean_confidence integer not null,
  labels jsonb not null,
  sample jsonb not null,
  created_at timestamptz not null default now()
);

-- Folded from chain events:
create table passports (
  id text primary key,
  owner text not null,
  version integer not null -- the newest
);

create table passport_versions (
  passport_id text not null,
  version integer not null,
  content_root text not null,
  sources jsonb not null,
  transaction_hash text not null,
  primary key (passport_id, version)
);
create index passport_versions_by_content on passport_versions (content_root);

create table offers (
  id text primary key,
  passport_id text not null,
  offer jsonb not null,
  is_open boolean not null
);

create table licenses (
  id text primary key,
  offer_id text not null,
  passport_id text not null,
  version integer not null,
  owner text not null,
  price numeric(78, 0) not null,
  buyer_public_key text not null,
  sealed_key text,
  status text not null check (status in ('paid', 'delivered', 'refunded')),
  purchased_at bigint not null,
  delivered_at bigint,
  expires_at bigint not null, -- 0 never
  purchase_transaction text not null
);

create table share_claims (
  passport_id text not null,
  batch text not null,
  account text not null,
  token text not null,
  amount numeric(78, 0) not null,
  block_number bigint not null,
  log_index integer not null,
  primary key (block_number, log_index)
);

-- Stake, disputes and proposals: folds of events, like campaigns and trade.
create table stakes (
  account text primary key,
  staked numeric(78, 0) not null, -- all that is not cooling
  cooling numeric(78, 0) not null,
  cooling_until bigint not null, -- 0 when nothing is
  locks jsonb not null, -- what contracts have locked of it, by their address
  validating numeric(78, 0) not null,
  slashed numeric(78, 0) not null, -- taken from it so far
  collected numeric(78, 0) not null, -- paid to it of what slashes of others gave
  votes numeric(78, 0) not null, -- in the governor, with what others delegate
  delegate text -- null while it votes for itself
);
create index stakes_by_size on stakes (staked desc, account);

create table disputes (
  id text primary key,
  campaign_id text not null, -- of any operator
  batch text not null,
  batch_index integer not null,
  challenger text not null,
  operator text not null,
  requester text not null,
  reason text not null,
  outcome text not null check (outcome in ('open', 'upheld', 'void', 'undecided')),
  round integer not null,
  commit_ends bigint not null,
  reveal_ends bigint not null,
  bond numeric(78, 0) not null,
  slash_bps integer not null,
  quorum_bps integer not null,
  total_weight numeric(78, 0) not null,
  valid_weight numeric(78, 0) not null,
  invalid_weight numeric(78, 0) not null,
  proposed_at bigint not null,
  challenged_at bigint not null,
  ended_at bigint,
  challenge_transaction text not null
);
create index disputes_by_time on disputes (challenged_at desc, id);
create index disputes_by_batch on disputes (batch);

create table dispute_votes (
  dispute_id text not null references disputes (id) on delete cascade,
  voter text not null,
  weight numeric(78, 0) not null,
  round integer not null,
  choice text not null check (choice in ('committed', 'valid', 'invalid')),
  slashed numeric(78, 0), -- null until the vote is settled
  rewarded numeric(78, 0) not null,
  primary key (dispute_id, voter)
);

create table proposals (
  id text primary key, -- decimal: 256 bits
  proposer text not null,
  description text not null,
  calls jsonb not null,
  status text not null check (status in ('proposed', 'queued', 'executed', 'canceled')),
  created_at bigint not null,
  vote_start bigint not null,
  vote_end bigint not null,
  for_votes numeric(78, 0) not null,
  against_votes numeric(78, 0) not null,
  abstain_votes numeric(78, 0) not null,
  eta bigint,
  propose_transaction text not null
);
create index proposals_by_time on proposals (created_at desc, id);

create table proposal_votes (
  proposal_id text not null references proposals (id) on delete cascade,
  voter text not null,
  choice text not null check (choice in ('against', 'for', 'abstain')),
  weight numeric(78, 0) not null,
  reason text not null,
  primary key (proposal_id, voter)
);

-- The batch of each campaign that waits to become final, of any operator: what anyone may challenge.
create table pending_batches (
  campaign_id text primary key,
  batch text not null,
  header jsonb not null,
  proposed_at bigint not null,
  final_at bigint not null, -- earliest; while a dispute runs it moves on
  is_disputed boolean not null
);

-- While a dispute runs, a batch does not become final, whatever its time.
alter table batches add column is_disputed boolean not null default false;
-- Seconds a campaign's clock stood still for disputes that are over.
alter table campaigns add column disputed_time bigint not null default 0;

create index chain_events_of_validators on chain_events (subject, block_number desc, log_index desc)
  where name = 'ValidatorStakeSet';

-- Events stored by earlier versions; they are folded when the node starts.
update chain_events set subject = case contract
    when 'staking' then 'account:' || coalesce(args->>'account', args->>'delegate', args->>'delegator')
    when 'disputes' then 'dispute:' || (args->>'id')
    when 'tagGovernor' then coalesce('proposal:' || (args->>'proposalId'),
      case when name = 'QuorumNumeratorUpdated' then 'quorum' end)
    else 'parameters' end
  where contract in ('staking', 'disputes', 'tagGovernor') or (contract = 'parameters' and name = 'ParameterSet');

import { type Statement, sql } from '../db/sql.ts'

/**
 * Whether what a call of the outbox (row `o`) is for has neither happened by other means nor become pointless.
 * A failed call of which this is false is settled; the others are tried again or need a person.
 */
export function isStillDue(now: Date): Statement {
  const seconds = Math.floor(now.getTime() / 1000)
  return sql`(case o.purpose
    when 'propose' then exists (select 1 from batches b where o.id = 'propose:' || b.hash and b.status = 'cut')
    when 'finalize' then exists (
      select 1 from batches b where o.id = 'finalize:' || b.hash and b.status = 'proposed'
        and not b.is_disputed and b.final_at <= ${seconds}::bigint)
    when 'answer' then exists (
      select 1 from batches b join chain_events e on e.name = 'BatchContested' and e.args->>'batch' = b.hash
      where b.status = 'proposed' and o.id like concat_ws(':', 'answer', b.hash, e.args->>'account', '%')
        and not exists (
          select 1 from chain_events later
          where later.name = 'ContestAnswered' and later.args->>'batch' = b.hash
            and later.args->>'account' = e.args->>'account'
            and (later.block_number, later.log_index) > (e.block_number, e.log_index)))
    when 'resolve' then exists (
      select 1 from disputes d where o.id = 'resolve:' || d.id || ':' || d.round and d.outcome = 'open')
    when 'close' then exists (select 1 from campaigns c where o.id = 'close:' || c.id and c.status = 'open')
    when 'fees' then exists (
      select 1 from campaigns c where o.id = 'fees:' || c.last_final and c.status = 'closed'
        and c.fees_paid < trunc(c.payouts_total * (c.terms->>'operatorFeeBps')::numeric / 10000)
          + trunc(c.payouts_total * (c.terms->>'protocolFeeBps')::numeric / 10000))
    when 'deliver' then exists (
      select 1 from licenses l join offers f on f.id = l.offer_id
      where o.id = 'deliver:' || l.id and l.status = 'paid'
        and l.purchased_at + (f.offer->>'deliverWithin')::bigint > ${seconds}::bigint)
    when 'release' then exists (
      select 1 from licenses l where o.id = 'release:' || l.id and l.status = 'delivered' and l.released_at is null)
    -- A pending batch nobody here knows matters as long as it keeps one of ours from being proposed.
    when 'withdraw' then exists (
      select 1 from batches b join outbox p on p.id = 'propose:' || b.hash
      where b.status = 'cut' and p.state = 'failed')
    else true end)`
}
